import { h } from '../dom';
import { countersign } from '../me';
import { addSection } from '../section';

interface SeenByService {
  readonly headers: Readonly<Record<string, string>>;
  readonly claims: Readonly<Record<string, unknown>> | null;
}

export function gatewaySection(): void {
  const { body, action } = addSection(
    'gateway',
    'Behind the gateway',
    'Your service never sees the access token. The gateway asks the check, and passes on who calls: headers, and an identity token that the service verifies by itself.',
  );
  const table = h('dl', { className: 'claims' });
  body.append(
    h(
      'div',
      { className: 'buttons' },
      action('Call the service', async () => {
        table.replaceChildren();
        const answer = await countersign.fetch('/playground/orders');
        const { headers, claims } = (await answer.json()) as Partial<SeenByService>;
        if (!answer.ok || headers === undefined) return `The gateway refused with ${answer.status}.`;
        const shown = {
          ...headers,
          ...claims,
          'x-identity-token': `${headers['x-identity-token']?.slice(0, 24) ?? ''}…`,
        };
        table.replaceChildren(
          ...Object.entries(shown).flatMap(([name, value]) => [
            h('dt', {}, name),
            h('dd', {}, typeof value === 'string' ? value || '(empty)' : JSON.stringify(value)),
          ]),
        );
        return 'This is what the service behind got: headers of the gateway, then the claims of the identity token.';
      }),
    ),
    table,
  );
}

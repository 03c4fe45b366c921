import { h } from '../dom';
import { countersign } from '../me';
import { spoilNextToken } from '../recorder';
import { addSection } from '../section';

export function tokensSection(): void {
  const { body, action } = addSection(
    'tokens',
    'Tokens',
    'Each call prolongs the access token. A refresh token is for one use: a renewal brings the next pair.',
  );
  body.append(
    h(
      'div',
      { className: 'buttons' },
      action('Use the access token', async () => {
        await countersign.call('GET', '/v1/me/sessions');
        return 'Used: its time starts anew.';
      }),
      action('Let it end, then call', async () => {
        spoilNextToken();
        await countersign.call('GET', '/v1/me/sessions');
        return 'The call was refused, the client renewed the pair and called again: your code saw one answer.';
      }),
      action('End my other sessions', async () => {
        await countersign.call('DELETE', '/v1/me/sessions');
        const { items } = await countersign.call('GET', '/v1/me/sessions');
        return `Sessions left: ${items.length}, this one.`;
      }),
    ),
  );
}

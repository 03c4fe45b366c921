import { actOfLaunch, askFor, onAct } from '../acts';
import { h } from '../dom';
import { countersign } from '../me';
import { addSection } from '../section';

export function stepUpSection(): void {
  const section = addSection(
    'step-up',
    'Take the data, delete the account',
    'What cannot be undone needs a confirmation in a launch of its own. The service gives a code for one act, the Mini App opens again with the code, and its sign-in brings a grant for one call.',
  );
  const { body, action } = section;
  const confirmation = h('div', { className: 'confirmation' });
  body.append(
    confirmation,
    h(
      'div',
      { className: 'buttons' },
      action('Export my data', () => askFor('account.export', section)),
      action('Delete my account', () => askFor('account.erase', section)),
    ),
  );
  onAct('account.export', async ({ call }) => {
    const data = await call('GET', '/v1/me/export');
    return `Exported: ${Object.keys(data).join(', ')}.`;
  });
  onAct('account.erase', async ({ call }) => {
    const { confirm, forfeit } = await countersign.call('GET', '/v1/me/erasure');
    const loss = `The keys of ${forfeit.length} wallet(s) are destroyed, with what is in them. Erase the account?`;
    if (forfeit.length > 0 && !window.confirm(loss)) return 'Nothing was done.';
    const query = {
      confirm,
      ...(forfeit.length > 0 ? { forfeit: forfeit.join() } : {}),
    };
    const answer = await call('DELETE', '/v1/me', { query });
    return answer ? `Your account is erased on ${answer.erasesAt}.` : 'Your account is erased.';
  });
  countersign.session.subscribe(show);
  show();

  /** Asks the person of a launch that carries a code. */
  function show(): void {
    const found = actOfLaunch();
    confirmation.replaceChildren();
    if (!found) return;
    const { act, work } = found;
    confirmation.append(
      h('p', { className: 'state' }, `You asked for this: ${act.title}.`),
      h(
        'div',
        { className: 'buttons' },
        action('Confirm', async () => {
          const said = await work();
          show();
          return said;
        }),
        action('I do not want it', async () => {
          act.drop();
          show();
          return 'Nothing was done.';
        }),
      ),
    );
  }
}

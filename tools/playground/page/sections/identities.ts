import { askedJoin, askToJoin, type JoinRequest } from '@countersign/client/acts';
import { askFor, onAct } from '../acts';
import { h } from '../dom';
import { as, countersign, relaunchAs } from '../me';
import { personPicker } from '../person-picker';
import { addSection } from '../section';

export function identitiesSection(): void {
  const section = addSection(
    'identities',
    'Join two accounts',
    'A person with two accounts joins them when both sides agree: the asking page shows a number and a link, the other account opens the link, sees who asks, and types the number. An account without a past becomes a second way to sign in.',
  );
  const { body, action } = section;
  const other = personPicker('The other Telegram account');
  const list = h('ul', { className: 'list', 'aria-label': 'My identities' });
  const shown = h('div', {});
  body.append(
    shown,
    other.element,
    list,
    h(
      'div',
      { className: 'buttons' },
      action('List mine', async () => `Identities: ${await show()}.`),
      action('Ask them to join', () => askFor('account.join', section)),
      action('Give them an account', async () => {
        const userId = await as(
          other.chosen(),
          async (theirs) => (await theirs.call('GET', '/v1/me')).userId,
        );
        return `${other.chosen().name} has account ${userId}.`;
      }),
    ),
  );
  onAct('account.join', '', async (act) => {
    const join = await askToJoin(countersign, act);
    showRequest(join);
    return `The number is ${join.number}. See “Join two accounts”.`;
  });
  onAct('account.unlink', 'identity', async ({ call }, identityId = '') => {
    const answer = await call('DELETE', '/v1/me/identities/{identityId}', { path: { identityId } });
    return answer ? `It leaves the account on ${answer.unlinksAt}.` : 'Unlinked.';
  });
  countersign.session.subscribe(showAsked);
  showAsked();

  /** The side that asks. */
  function showRequest(join: JoinRequest): void {
    const state = h('p', { className: 'state' }, 'Waiting for the other account.');
    shown.replaceChildren(
      h('p', { className: 'state' }, `Number: ${join.number}. Link: ${join.link ?? join.code}`),
      state,
      h(
        'div',
        { className: 'buttons' },
        action('Open the link as the other account', async () => {
          relaunchAs(other.chosen().id, `j_${join.code}`);
          return `${other.chosen().name} reads who asks, in the tab that opened.`;
        }),
      ),
    );
    void join
      .outcome()
      .then((outcome) => `The request is over: ${outcome}.`, String)
      .then((text) => (state.textContent = text));
  }

  /** The side that is asked. */
  function showAsked(): void {
    const join = askedJoin(countersign);
    if (!join || shown.childElementCount > 0) return;
    const who = h('p', { className: 'state' }, 'Asking who it is …');
    const number = h('input', { type: 'text', inputMode: 'numeric', maxLength: 2 });
    shown.replaceChildren(
      who,
      h('label', {}, 'The number on the page that asks', number),
      h(
        'div',
        { className: 'buttons' },
        action('Accept', async () => {
          const { userId, mergedUserId } = await join.accept(Number(number.value));
          shown.replaceChildren();
          return `Account ${mergedUserId} is part of ${userId} now. Open the Mini App anew.`;
        }),
        action('Decline', async () => {
          await join.decline();
          shown.replaceChildren();
          return 'Declined.';
        }),
      ),
    );
    void join
      .describe()
      .then(
        ({ applicationName, displayName, askedAt }) =>
          `${displayName ?? 'A person without a public name'} asks in ${applicationName}, since ${askedAt}, to join your account to theirs.`,
        String,
      )
      .then((text) => (who.textContent = text));
  }

  async function show(): Promise<number> {
    const { items } = await countersign.call('GET', '/v1/me/identities');
    list.replaceChildren(
      ...items.map(({ identityId, provider, subject }) => {
        const unlink = action('Unlink', () =>
          askFor('account.unlink', section, { kind: 'identity', id: identityId }),
        );
        unlink.className = 'small';
        unlink.setAttribute('aria-label', `Unlink ${provider} ${subject}`);
        return h('li', {}, `${provider} ${subject} `, unlink);
      }),
    );
    return items.length;
  }
}

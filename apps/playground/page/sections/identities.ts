import { h } from '../dom';
import { as, countersign, initDataOf } from '../me';
import { personPicker } from '../person-picker';
import { addSection } from '../section';

export function identitiesSection(): void {
  const { body, action } = addSection(
    'identities',
    'Link and merge',
    'A person can have a second way to sign in. An identity that has no account yet is linked; one that has an account brings it along: the two are merged. Both need a step-up.',
  );
  const other = personPicker('The other Telegram account');
  const list = h('ul', { className: 'list', 'aria-label': 'My identities' });
  body.append(
    other.element,
    list,
    h(
      'div',
      { className: 'buttons' },
      action('List mine', async () => `Identities: ${await show()}.`),
      action('Link', async () => {
        const initData = await initDataOf(other.chosen().id);
        await countersign.call('POST', '/v1/me/identities/telegram/init-data', { body: { initData } });
        return `Linked: ${other.chosen().name} signs in to your account now. Identities: ${await show()}.`;
      }),
      action('Give them an account', async () => {
        const userId = await as(
          other.chosen(),
          async (theirs) => (await theirs.call('GET', '/v1/me')).userId,
        );
        return `${other.chosen().name} has account ${userId}.`;
      }),
      action('Merge their account into mine', async () => {
        const initData = await initDataOf(other.chosen().id);
        const { userId, mergedUserId } = await countersign.call('POST', '/v1/me/merges', {
          body: { initData },
        });
        return `Account ${mergedUserId} is part of ${userId} now. Identities: ${await show()}.`;
      }),
    ),
  );

  async function show(): Promise<number> {
    const { items } = await countersign.call('GET', '/v1/me/identities');
    list.replaceChildren(
      ...items.map(({ identityId, provider, subject }) => {
        const unlink = action('Unlink', async () => {
          await countersign.call('DELETE', '/v1/me/identities/{identityId}', { path: { identityId } });
          return `Unlinked. Identities: ${await show()}.`;
        });
        unlink.className = 'small';
        unlink.setAttribute('aria-label', `Unlink ${provider} ${subject}`);
        return h('li', {}, `${provider} ${subject} `, unlink);
      }),
    );
    return items.length;
  }
}

import { h } from '../dom';
import { openWeb3InitDataOf } from '../made-up';
import { apart } from '../me';
import { anyonePicker } from '../person-picker';
import { addSection } from '../section';

export function openWeb3Section(): void {
  const { body, action } = addSection(
    'openweb3',
    'OpenWeb3',
    'Mini Apps of OpenWeb3 have init data as those of Telegram have, without the signature of the platform. The ids of its people are ids of their own: the same number is another person than at Telegram.',
  );
  const person = anyonePicker('Who opens the Mini App');
  body.append(
    person.element,
    h(
      'div',
      { className: 'buttons' },
      action('Sign in by OpenWeb3', async () => {
        const { id, name } = person.chosen();
        const initData = await openWeb3InitDataOf(id);
        return apart(`${name} at OpenWeb3`, async (theirs) => {
          const { userId, assurance, isNewUser } = await theirs.signIn({
            with: 'openweb3/init-data',
            initData,
          });
          return `Signed in to ${isNewUser ? 'new' : 'known'} account ${userId}, with assurance ${assurance}.`;
        });
      }),
      action('Present it as Telegram’s', async () => {
        const { id, name } = person.chosen();
        const initData = await openWeb3InitDataOf(id);
        return apart(`${name} at OpenWeb3`, async (theirs) => {
          await theirs.signIn({ with: 'telegram/init-data', initData });
          return 'Accepted.';
        });
      }),
    ),
  );
}

import type { Proof } from '@countersign/client';
import { h } from '../dom';
import { widgetLoginOf, type WidgetLogin } from '../made-up';
import { apart } from '../me';
import { anyonePicker } from '../person-picker';
import { addSection } from '../section';

const forms: Readonly<Record<string, (login: WidgetLogin) => Proof>> = {
  'the object of its callback': ({ data }) => ({ with: 'telegram/login-widget', data: { ...data } }),
  'the query of its redirect': ({ query }) => ({ with: 'telegram/login-widget', query }),
  'tgAuthResult of a button': ({ tgAuthResult }) => ({ with: 'telegram/login-widget', tgAuthResult }),
};

export function loginWidgetSection(): void {
  const { body, action } = addSection(
    'login-widget',
    'Login Widget',
    'The button of Telegram on a web page. What it gives is signed with the token of the bot only, so every holder of that token could forge it: the session has the assurance bot-token, and does nothing that needs the level of the account.',
  );
  const person = anyonePicker('Who logs in');
  const form = h('select', {}, ...Object.keys(forms).map((name) => h('option', {}, name)));
  body.append(
    h('div', { className: 'buttons' }, person.element, h('label', {}, 'What the page sends', form)),
    h(
      'div',
      { className: 'buttons' },
      action('Log in by the widget', async () => {
        const { id, name } = person.chosen();
        const login = await widgetLoginOf(id);
        return apart(`${name} on the web`, async (theirs) => {
          const { userId, assurance, isNewUser } = await theirs.signIn(proofOf(login));
          const account = `${isNewUser ? 'new' : 'known'} account ${userId}, with assurance ${assurance}`;
          return `${name} is signed in to ${account}.`;
        });
      }),
      action('Log in, then ask another account to join', async () => {
        const { id, name } = person.chosen();
        const login = await widgetLoginOf(id);
        return apart(`${name} on the web`, async (theirs) => {
          await theirs.signIn(proofOf(login));
          await theirs.call('POST', '/v1/me/joins');
          return 'Asked.';
        });
      }),
    ),
  );

  function proofOf(login: WidgetLogin): Proof {
    const made = forms[form.value];
    if (!made) throw new Error('Choose a form.');
    return made(login);
  }
}

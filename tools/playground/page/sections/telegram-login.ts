import { finishTelegramLogin, startTelegramLogin } from '@countersign/client/telegram';
import { h } from '../dom';
import { standAtTheBrowser } from '../made-up';
import { api, applicationId, countersign, hasTelegramLogin } from '../me';
import { anyonePicker } from '../person-picker';
import { tell } from '../recorder';
import { addSection } from '../section';

const STARTED = 'playground:login-started';
/** One of `redirectUrls` of the application. */
const redirectUri = `${api}/playground`;

/** Resolves when a login that returns to this page is finished. */
export async function telegramLoginSection(): Promise<void> {
  const { body, action, run } = addSection(
    'telegram-login',
    'Log In With Telegram',
    'OpenID Connect with PKCE, for web pages. The browser goes to Telegram and comes back with a code, and the client exchanges it for tokens. The page is then outside of Telegram, with a session.',
  );
  if (!hasTelegramLogin) {
    body.append(
      h(
        'p',
        { className: 'state' },
        'Not here: TELEGRAM_OIDC_ISSUER names another provider, so the service does not ask the fake one.',
      ),
    );
    return;
  }
  const person = anyonePicker('Who is at the browser');
  body.append(
    person.element,
    h(
      'div',
      { className: 'buttons' },
      action('Log in', () => goAs(person.chosen().id)),
      action('Begin, and decline at Telegram', () => goAs(null)),
    ),
  );
  const returned = new URLSearchParams(location.search);
  if (!returned.has('state')) return;
  const address = location.href;
  history.replaceState(null, '', location.pathname);
  await run(async () => {
    showWayOf(address);
    const signedIn = await finishTelegramLogin(countersign, address);
    if (signedIn === null) return 'No login ends here.';
    return `Signed in to ${signedIn.isNewUser ? 'new' : 'known'} account ${signedIn.userId}, with assurance ${signedIn.assurance}.`;
  });
  document.getElementById('telegram-login')?.scrollIntoView({ behavior: 'instant' });
}

async function goAs(id: number | null): Promise<string> {
  await standAtTheBrowser(id);
  const start = await startTelegramLogin({ api, applicationId, redirectUri });
  sessionStorage.setItem(STARTED, start);
  location.assign(start);
  return 'Opening …';
}

/** Shows the redirects, which the browser followed without any script. */
function showWayOf(address: string): void {
  const url = sessionStorage.getItem(STARTED);
  sessionStorage.removeItem(STARTED);
  if (url === null) return;
  tell({
    who: 'your browser',
    method: 'GET',
    url,
    headers: [],
    body: '',
    status: 302,
    answerHeaders: [],
    answer: `The browser followed the redirects to Telegram and to the callback of the service, and came back to\n${address}`,
    ms: null,
  });
}

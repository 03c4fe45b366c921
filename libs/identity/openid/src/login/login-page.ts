import { encodeQR } from 'qr';
import type { StartLinks } from '@countersign/applications';
import type { PageSignIns } from '@countersign/auth';
import { button, escapeHtml, nameInPage } from '@countersign/http';
import { loginPath, page } from '../provider/page';
import type { OpenidClientEntity } from '../store/openid.entities';
import type { LoginRequest } from './login-requests';

interface LoginPage {
  readonly client: OpenidClientEntity;
  readonly asked: LoginRequest;
  readonly links: Awaited<ReturnType<StartLinks['ofApps']>>;
  readonly ways: Awaited<ReturnType<PageSignIns['waysOf']>>;
  readonly isRefusedByTelegram: boolean;
}

interface AccountPage {
  readonly client: Pick<OpenidClientEntity, 'name'>;
  /** The name of the person. */
  readonly account: string;
  /** The host that the browser goes to next; `null` for a device. */
  readonly host: string | null;
  /** The data that the client of a third party gets, in words. */
  readonly toAgree: readonly string[];
  /** Protects against forms of other pages. */
  readonly token: string;
  readonly action: string;
}

const REFUSED_ON_PHONE =
  'The sign-in was refused on a phone. If you did not refuse it, another person has seen this page: scan the code again.';

/** Offers the phone and the application's other ways. The script shows the wallet's way if the browser has a wallet. */
export function loginPage({ client, asked, links, ways, isRefusedByTelegram }: LoginPage): string {
  const codes = links.map(
    ({ url }) => `<div class="way">
<div class="qr" role="img" aria-label="QR code of the link below">${encodeQR(url, 'svg')}</div>
<a class="button" href="${escapeHtml(url)}">Open Telegram</a></div>`,
  );
  const others = [
    ways.telegram
      ? `<a class="button quiet" href="${loginPath(asked.id)}/telegram">Log in with Telegram here</a>`
      : '',
    ways.wallet === null
      ? ''
      : `<button id="wallet" class="quiet" type="button" data-application="${client.applicationId}" hidden>Sign in with a wallet</button>
<script src="/oidc/files/wallet.js" defer></script>`,
  ];
  const { device } = asked;
  const state = isRefusedByTelegram
    ? 'Telegram has not signed you in. Try again, or use your phone.'
    : asked.isRefused
      ? REFUSED_ON_PHONE
      : 'Waiting for your phone.';
  return page(
    device ? `Sign in a device to ${nameInPage(client.name)}` : `Sign in to ${nameInPage(client.name)}`,
    `${device ? `<p>This signs in a device, not this browser. The device is ${nameInPage(`${device.browser}, ${device.address}`)}.</p>` : ''}<p>Scan the code with your phone. If you read this on your phone, open the link.</p>${codes.join('')}
<p>Then type this number there:</p><p class="number">${asked.number}</p>
<p class="hint">Only type a number that you see in your own browser. If another person sends you a number, this person wants to sign in as you.</p>
<p id="state" role="status">${state}</p>
${others.join('')}<noscript><p><a href="">Reload</a> when you have accepted.</p></noscript>`,
    'login.js',
  );
}

/** Shows whose account is signed in, before the browser continues. Here the person consents to a third party. */
export function accountPage({ client, account, host, toAgree, token, action }: AccountPage): string {
  const items = toAgree.map((words) => `<li>${escapeHtml(words)}</li>`);
  const consent =
    items.length > 0
      ? `<p>${nameInPage(client.name)} belongs to a third party. It gets:</p><ul>${items.join('')}</ul>`
      : '';
  return page(
    `Continue to ${nameInPage(client.name)}?`,
    `<p>You are signed in as <strong>${nameInPage(account)}</strong>.</p>
${wayOn(host)}${consent}
<form id="account" method="post" action="${action}"><input type="hidden" name="token" value="${token}"></form>
${button(items.length > 0 ? 'Agree' : 'Continue', 'account', 'agree')}
${items.length > 0 ? button('Stop', 'account', '', 'quiet') : ''}${button('This is not me', 'account', 'other', 'quiet')}`,
  );
}

/** Shown before a browser that is signed in already signs in to a client for the first time. */
export function clientPage({ client, account, host, token, action }: Omit<AccountPage, 'toAgree'>): string {
  return page(
    `Continue to ${nameInPage(client.name)}?`,
    `<p>You are signed in as <strong>${nameInPage(account)}</strong>. You have not used ${nameInPage(client.name)} with this account before, or its operator has changed it.</p>
${wayOn(host)}
<form id="client" method="post" action="${action}"><input type="hidden" name="token" value="${token}"></form>
${button('Continue', 'client')}<p class="hint">To stop, close this page.</p>`,
  );
}

function wayOn(host: string | null): string {
  return host === null
    ? '<p>The device will be signed in with this account.</p>'
    : `<p>The browser goes on to <strong>${escapeHtml(host)}</strong>.</p>`;
}

/** Runs on the sign-in page. It polls until the phone has answered, and then goes on. */
export const LOGIN_SCRIPT = `const url = location.pathname;
const state = document.getElementById('state');
const EVERY_MS = 700;

async function ask() {
  try {
    const answer = await window.fetch(url + '/state', { headers: { accept: 'application/json' } });
    const { isOver, isRefused } = answer.ok ? await answer.json() : {};
    if (isOver) {
      location.replace(url + '/continue');
      return;
    }
    if (isRefused) state.textContent = ${JSON.stringify(REFUSED_ON_PHONE)};
    if (answer.status === 404) {
      state.textContent = 'This page is over. Go back to where you came from.';
      return;
    }
  } catch {
    // The network comes back.
  }
  setTimeout(ask, EVERY_MS);
}

void ask();
// On one device the browser sleeps while Telegram is open.
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void ask();
});
`;

import { encodeQR } from 'qr';
import type { StartLinks } from '@countersign/applications';
import type { PageSignIns } from '@countersign/auth';
import { button, escapeHtml } from '@countersign/http';
import { loginPath, page } from '../provider/page';
import type { OpenidClientEntity } from '../store/openid.entities';
import type { LoginRequest } from './login-requests';

interface LoginPage {
  readonly client: OpenidClientEntity;
  readonly asked: LoginRequest;
  readonly links: Awaited<ReturnType<StartLinks['ofApps']>>;
  readonly ways: Awaited<ReturnType<PageSignIns['waysOf']>>;
  /** Telegram has not signed the person in. */
  readonly isRefused: boolean;
}

/** The phone, and the other ways that the application has. The script shows that of wallets where the browser has one. */
export function loginPage({ client, asked, links, ways, isRefused }: LoginPage): string {
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
  return page(
    `Sign in to ${client.name}`,
    `<p>Scan the code with your phone, or open the link on this one.</p>${codes.join('')}
<p>Then type this number there:</p><p class="number">${asked.number}</p>
<p class="hint">Only accept a number that you see in your own browser. If somebody sends you one, they want to sign in as you.</p>
<p id="state" role="status">${isRefused ? 'Telegram has not signed you in. Try again, or use your phone.' : 'Waiting for your phone.'}</p>
${others.join('')}<noscript><p><a href="">Reload</a> when you have accepted.</p></noscript>`,
    'login.js',
  );
}

/** What a person who signed in without a phone has to agree to. @param token against forms of other pages */
export function consentPage(name: string, toAgree: readonly string[], token: string): string {
  const items = toAgree.map((words) => `<li>${escapeHtml(words)}</li>`);
  return page(
    `Continue to ${name}?`,
    `<p>It is of a third party, and gets:</p><ul>${items.join('')}</ul>
<form id="consent" method="post"><input type="hidden" name="token" value="${token}"></form>
${button('Agree', 'consent', 'agree')}${button('Stop', 'consent', '', 'quiet')}`,
  );
}

/** Runs on the page of a sign-in: asks until the phone has answered, and goes on. */
export const LOGIN_SCRIPT = `const url = location.pathname;
const state = document.getElementById('state');
const EVERY_MS = 700;

async function ask() {
  try {
    const answer = await window.fetch(url + '/state', { headers: { accept: 'application/json' } });
    if (answer.ok && (await answer.json()).isOver) {
      location.replace(url + '/continue');
      return;
    }
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

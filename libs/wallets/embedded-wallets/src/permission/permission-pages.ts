import { createHash } from 'node:crypto';
import type { Application } from '@countersign/applications';
import type { AppError } from '@countersign/errors';
import { PERMISSION_PATH } from '@countersign/auth';
import type { Confirmation } from './wallet-permissions.service';

const STYLE = `:root{color-scheme:light dark;--ink:#16202b;--paper:#fff;--line:#5c6b7a;--act:#0b5cad;--on-act:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf2;--paper:#12181f;--line:#9aa9b8;--act:#8cc4ff;--on-act:#0a1420}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}
main{max-width:36rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem;overflow-wrap:anywhere}
p,ul{margin:0 0 1rem;overflow-wrap:anywhere}
code{font:600 1rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
.box{border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem}
.acts{display:flex;flex-wrap:wrap;gap:.75rem}
.act{flex:1 1 12rem;min-height:2.75rem;padding:.625rem 1rem;border:2px solid var(--act);border-radius:.5rem;font:inherit;font-weight:600;text-align:center;text-decoration:none;overflow-wrap:anywhere;cursor:pointer;background:var(--paper);color:var(--act)}
.main{background:var(--act);color:var(--on-act)}
.act:focus-visible,a:focus-visible{outline:3px solid var(--ink);outline-offset:3px}
a{color:var(--act)}`;

/** Allows the style by its digest and nothing else. No site can frame the page. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** What an application with the grant may do without a launch. Other acts need a launch that names them. */
const ACTS: Readonly<Partial<Record<string, string>>> = {
  'sign-message': 'sign messages in your name, such as logins to its sites',
  'sign-typed-data': 'sign structured data in your name',
  'sign-transaction': 'sign transactions, which can move everything that the wallet has',
  send: 'send coins and tokens, within the limits of this service and your own',
};
const MOVING = ['sign-transaction', 'send'];

/** Of these, another login by the same link does not help. */
const OVER = ['wallet.permission_invalid', 'account.grant_invalid'];
const REFUSALS: Readonly<Partial<Record<string, readonly [title: string, text: string]>>> = {
  'wallet.permission_no_login': ['You have not logged in', 'Nothing was changed.'],
  'account.other_person': [
    'You logged in with another account',
    'The link is for the wallet of another person. Nothing was changed. If someone sent you this link, close the page.',
  ],
  'wallet.frozen': ['The wallet is frozen', 'Nothing was changed. End the freeze first, then try again.'],
};

/** The page before the login. Everyone with the link can see it, so it shows nothing of the wallet. */
export function askingPage({ name }: Application, link: string): string {
  return pageOf(
    `${name} asks to use your wallet`,
    markup`<p>Go on only if you came here from <strong>${name}</strong> yourself, just now. If someone sent you this link, close the page.</p>
<p>First log in with Telegram, so that we know that the wallet is yours. Then you see what you would allow, and decide.</p>
<p class="acts"><a class="act main" href="${PERMISSION_PATH}/login?request=${link}">Log in with Telegram</a></p>`,
  );
}

export function confirmingPage(
  { application: { name, settings }, address, confirmation }: Confirmation,
  link: string,
): string {
  const { acts, allowedCalls } = settings.embeddedWallets;
  const allowed = ['see its address, its balances and its history'];
  for (const act of acts) allowed.push(...(ACTS[act] === undefined ? [] : [ACTS[act]]));
  // What an operator allows undecoded can move something, such as the order of a marketplace.
  const limit =
    acts.some((act) => MOVING.includes(act)) || allowedCalls.length > 0
      ? ''
      : markup`<p>It may not send or move anything in the wallet.</p>`;
  return pageOf(
    `Let ${name} use your wallet?`,
    markup`<p class="box">Application: <strong>${name}</strong><br>Wallet: <code>${address}</code></p>
<p>If you allow it, ${name} may do this without asking you again:</p>
<ul>${raw(allowed.map((text) => markup`<li>${text}</li>`).join(''))}</ul>
${raw(limit)}<p>The operator of this service sets what applications may do, and can change it. ${name} never gets the key of the wallet. You can take the permission back at any time.</p>
<form method="post" action="${PERMISSION_PATH}">
<input type="hidden" name="request" value="${link}">
<input type="hidden" name="confirmation" value="${confirmation}">
<p class="acts"><button class="act" name="decision" value="refuse">Do not allow</button>
<button class="act main" name="decision" value="allow">Allow ${name}</button></p>
</form>`,
  );
}

export function decidedPage({ name }: Application, isAllowed: boolean): string {
  return isAllowed
    ? pageOf(`${name} may use your wallet`, markup`<p>Go back to ${name}. You can close this page.</p>`)
    : pageOf('Nothing was changed', markup`<p>${name} may not use your wallet. You can close this page.</p>`);
}

export function refusedPage({ code, definition }: AppError, link: string): string {
  if (OVER.includes(code))
    return pageOf(
      'This link is no longer valid',
      '<p>Go back to the application and try again there: it gives you a new link.</p>',
    );
  const [title, text] = REFUSALS[code] ?? ['Nothing was changed', `${definition.title}.`];
  const again = markup`<p><a href="${PERMISSION_PATH}?request=${link}">Try again</a></p>`;
  return pageOf(title, markup`<p>${text}</p>${raw(again)}`);
}

function pageOf(title: string, body: string): string {
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><style>${raw(STYLE)}</style></head>
<body><main><h1>${title}</h1>
${raw(body)}
</main></body></html>
`;
}

/** Trusted markup, which is not escaped. */
interface Raw {
  readonly markup: string;
}

function raw(text: string): Raw {
  return { markup: text };
}

/** Escapes texts that are inserted. */
function markup(parts: TemplateStringsArray, ...values: readonly (string | Raw)[]): string {
  return String.raw(
    { raw: parts },
    ...values.map((value) => (typeof value === 'string' ? escaped(value) : value.markup)),
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

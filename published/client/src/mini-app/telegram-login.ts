import { CountersignError } from '../problem.js';
import type { Countersign, SignedIn } from '../types.js';
import { addressOf, base64url } from '../wire.js';

/** Where Log In With Telegram begins and ends. */
export interface TelegramLogin {
  /** As for `createCountersign`. */
  readonly api: string;
  readonly applicationId: string;
  /** The page that the browser comes back to: one of `redirectUrls` of the application, exactly. */
  readonly redirectUri: string;
  /** Only where the application has several bots. */
  readonly botId?: string;
  /**
   * The start parameter of the link that the person opened, such as `j_<code>` or `i_<token>`: the sign-in handles it as
   * that of a launch.
   */
  readonly startParam?: string;
}

const NAME = 'countersign:login';

/**
 * The address that begins Log In With Telegram (OpenID Connect with PKCE, RFC 7636): `location.assign(await
 * startTelegramLogin(...))`. For web pages: a Mini App has init data, and no way back from a browser.
 * @throws CountersignError `local.login_not_begun` where `sessionStorage` is blocked
 */
export async function startTelegramLogin(login: TelegramLogin): Promise<string> {
  const [state, verifier] = [secret(), secret()];
  try {
    sessionStorage.setItem(NAME, JSON.stringify({ state, verifier }));
  } catch (cause) {
    throw new CountersignError('local.login_not_begun', 0, {}, null, cause);
  }
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const { api, ...named } = login;
  const query = new URLSearchParams({
    ...named,
    state,
    codeChallenge: base64url(digest),
    codeChallengeMethod: 'S256',
  });
  return `${addressOf(api, '/v1/auth/telegram/oidc/start')}?${query.toString()}`;
}

/**
 * Signs in by the code in the page's address, after the way that `startTelegramLogin` began.
 * @param address that of the page by default; take code and state out of it afterwards
 * @returns `null` where the address is of no login
 * @throws CountersignError `local.login_not_begun` where this browser did not begin it; the code that the
 * service sent along, such as `oidc.login_declined`; what `signIn` throws
 */
export async function finishTelegramLogin(
  client: Pick<Countersign, 'signIn'>,
  address: string = location.href,
): Promise<SignedIn | null> {
  const query = new URL(address).searchParams;
  const [code, state, error] = ['code', 'state', 'error_description'].map((name) => query.get(name));
  if (!state || !(code || error)) return null;
  let begun: { readonly state?: string; readonly verifier?: string };
  try {
    begun = JSON.parse(sessionStorage.getItem(NAME) ?? '{}') as typeof begun;
    // A code is good for one attempt.
    sessionStorage.removeItem(NAME);
  } catch {
    begun = {};
  }
  if (begun.state !== state || !begun.verifier) throw new CountersignError('local.login_not_begun');
  if (!code) throw new CountersignError(error as CountersignError['code']);
  return client.signIn({ with: 'exchange', code, codeVerifier: begun.verifier });
}

function secret(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

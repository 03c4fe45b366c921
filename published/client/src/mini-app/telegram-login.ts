import { CountersignError } from '../problem.js';
import type { Countersign, SignedIn } from '../types.js';
import { addressOf, base64url } from '../wire.js';

/** The options of Log In With Telegram. */
export interface TelegramLogin {
  /** The same value as for `createCountersign`. */
  readonly api: string;
  readonly applicationId: string;
  /** The page that the browser returns to. It must equal one of the application's `redirectUrls`. */
  readonly redirectUri: string;
  /** Only an application with several bots needs it. */
  readonly botId?: string;
  /** The start parameter of the link that the person opened, such as `j_<code>`. It works as in a launch. */
  readonly startParam?: string;
}

const NAME = 'countersign:login';

/**
 * Returns the address that begins Log In With Telegram (OpenID Connect with PKCE, RFC 7636): `location.assign(await
 * startTelegramLogin(...))`. It is for web pages: a Mini App has init data, and a browser cannot return to it.
 * @throws CountersignError `local.login_not_begun` if `sessionStorage` is blocked
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

export interface FinishTelegramLogin {
  /** The address with the answer. The default is the page's address. */
  readonly address?: string;
  /** Keeps an account that awaits erasure. Set it only if the person asked for it: see `user.erasure_pending`. */
  readonly cancelErasure?: boolean;
}

const flights = new Map<string, Promise<SignedIn>>();

/**
 * Signs in with the code in the page's address, and ends the login that `startTelegramLogin` began. After a success or
 * a refusal by the person, it removes the answer from the page's address. After any other failure, the call can be
 * repeated for a minute, while the code is valid. Simultaneous calls share one sign-in.
 * @returns `null` if the address has no answer
 * @throws CountersignError `local.login_not_begun` if this browser did not begin the login; the code that the service
 * sent instead, such as `oidc.login_declined`; the errors of `signIn`
 */
export async function finishTelegramLogin(
  client: Pick<Countersign, 'signIn'>,
  { address = location.href, cancelErasure = false }: FinishTelegramLogin = {},
): Promise<SignedIn | null> {
  const query = new URL(address).searchParams;
  const [code, state, error] = ['code', 'state', 'error_description'].map((name) => query.get(name));
  if (!state || !(code || error)) return null;
  const begun = readBegun();
  if (begun.state !== state || !begun.verifier) throw new CountersignError('local.login_not_begun');
  if (!code) {
    end(address);
    throw new CountersignError(error as CountersignError['code']);
  }
  const proof = { with: 'exchange', code, codeVerifier: begun.verifier, cancelErasure } as const;
  // The service ends the session of a code that arrives twice.
  const flight =
    flights.get(code) ??
    client
      .signIn(proof)
      .then((signedIn) => {
        end(address);
        return signedIn;
      })
      .finally(() => flights.delete(code));
  flights.set(code, flight);
  return flight;
}

function readBegun(): { readonly state?: string; readonly verifier?: string } {
  try {
    return JSON.parse(sessionStorage.getItem(NAME) ?? '{}') as ReturnType<typeof readBegun>;
  } catch {
    return {};
  }
}

/** Removes the answer, so that a reload of the page does not find it again. */
function end(address: string): void {
  sessionStorage.removeItem(NAME);
  if (typeof location === 'undefined' || location.href !== address) return;
  const url = new URL(address);
  for (const name of ['code', 'state', 'error', 'error_description']) url.searchParams.delete(name);
  history.replaceState(history.state, '', url);
}

function secret(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

import type { Call, Schemas } from './api.js';
import type { CountersignError } from './problem.js';

/** The options of `createCountersign`. Only `api` and `applicationId` are required. */
export interface CountersignOptions {
  /** The address of the service, such as `https://id.example.com`. */
  readonly api: string;
  /** The public id of the application. `countersign application create` prints it. */
  readonly applicationId: string;
  /** The numeric id of the bot that launches the Mini App. Only an application with several bots needs it. */
  readonly botId?: string;
  /** The name of this device in the person's list of sessions. */
  readonly deviceName?: string;
  /** Other origins than that of `api` whose requests carry the token: `['https://api.example.com']`. */
  readonly origins?: readonly string[];
  /** Returns the page's init data, or `null` if there are none. The default is `readInitData`. */
  readonly initData?: () => string | null;
  /** Binds sessions to a key of this device: `deviceKeys()` of `@countersign/client/device-keys`. */
  readonly deviceKeys?: DeviceKeys;
  /** The stores of the session in order of preference. The default are those of the platform. */
  readonly stores?: readonly Store[];
  /** Sends the requests. The default is the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/** A client of one application. */
export interface Countersign {
  /** The session as a store, for `useSyncExternalStore` or your own code. */
  readonly session: SessionStore;
  /**
   * Opens a session with the page's init data, or with the given proof. Without a proof it returns the existing
   * session, and parallel calls share one sign-in. Of several calls with proofs, the last one counts.
   * @throws CountersignError with the service's code; `local.no_init_data`, `local.unreachable`, `local.superseded` if
   * another sign-in or a sign-out came in between
   */
  signIn(proof?: Proof): Promise<SignedIn>;
  /**
   * Forgets the session at once, here and in other tabs, then ends it at the service. Only `signIn()` signs in again
   * with this launch's init data. A device key stays.
   * @throws CountersignError if the service did not answer; the session is over here nevertheless
   */
  signOut(): Promise<void>;
  /**
   * Calls `fetch` with the access token, only for the origins of `api` and `origins`. A bound session also sends a
   * proof of the device key. The client renews the session first if it is due, or after an answer that requires it, and
   * repeats the request at most once. A request with a token follows no redirect: it fails, or returns the redirect
   * with `redirect: 'manual'`.
   * @param transport sends the request with its headers, instead of the `fetch` of the options
   * @throws what `fetch` throws; CountersignError `local.unreachable` if the session could not be renewed
   */
  fetch(input: RequestInfo | URL, init?: RequestInit, transport?: Transport): Promise<Response>;
  /**
   * Calls an operation of the service by method and path, typed by its OpenAPI document, and returns the body.
   * @throws CountersignError with the service's code, such as `session.token_missing`; `local.unreachable`
   */
  readonly call: Call;
  /**
   * Returns the access token for a WebSocket or another library, or `null` without a session. It renews the session
   * first if that is due. Ask for the token before each use, and send it only to your own services. With a device key
   * (`isBound`), services accept it only with a proof: see `fetch` and `./web-socket`.
   * @throws CountersignError `local.unreachable`, or the service's code, if it is unknown whether the token has ended
   */
  getAccessToken(): Promise<string | null>;
  /** Stops listening to the page and to other tabs, for hot reload and tests. The session stays. */
  close(): void;
}

export type Transport = (request: Request) => Promise<Response>;

/** The session of the page, and the subscriptions to its changes. */
export interface SessionStore {
  /** Returns the state. It is the same object until it changes. */
  readonly getSnapshot: () => SessionState;
  /** Always returns `loading`, the state that a server renders. */
  readonly getServerSnapshot: () => SessionState;
  /** The first call starts the session. @returns a function that ends the subscription */
  readonly subscribe: (listener: () => void) => () => void;
}

export type SessionState =
  | { readonly status: 'loading' }
  | ({ readonly status: 'signed-in' } & SignedIn)
  /** `reason` is the code that ended the session or refused the last one. */
  | { readonly status: 'signed-out'; readonly reason?: string; readonly error?: CountersignError }
  /** This launch's init data can no longer open a session. The person closes the Mini App and opens it again. */
  | { readonly status: 'relaunch-needed'; readonly reason: string; readonly error: CountersignError }
  /** The service gave no answer, 429 or 503. The page tries again when it is shown or online. */
  | { readonly status: 'unreachable'; readonly error: CountersignError };

/** The answer of the sign-in about the session and its account, without the tokens. */
export interface SignedIn extends Omit<
  Schemas['SignInResponse'],
  'tokenType' | 'accessToken' | 'expiresIn' | 'refreshToken' | 'refreshExpiresIn'
> {
  /** Whether the session is bound to a key of this device. */
  readonly isBound: boolean;
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Body<Name extends keyof Schemas> = Without<Schemas[Name], 'applicationId' | 'deviceName'>;

/** A proof of a person. `with` names its kind, as the path of its operation below `/v1/auth/` does. */
export type Proof =
  | ({ readonly with: 'telegram/init-data' } & Body<'InitDataSignIn'>)
  | ({ readonly with: 'telegram/third-party-init-data' } & Body<'ThirdPartyInitDataSignIn'>)
  | ({ readonly with: 'telegram/login-widget' } & Body<'LoginWidgetSignIn'>)
  | ({ readonly with: 'openweb3/init-data' } & Body<'InitDataSignIn'>)
  /** The one-time code of a redirect, from Log In With Telegram (see `./telegram`) or Rapidpace. */
  | ({ readonly with: 'exchange' } & Body<'ExchangeRequest'>)
  /** The answer to a challenge of `call('POST', '/v1/auth/wallets/challenges', ...)`. */
  | ({ readonly with: 'wallets' } & Body<'WalletSignIn'>);

/** Stores texts with the methods of `localStorage`. An error, or a second without an answer, counts as "not there". */
export interface Store {
  getItem(name: string): Promise<string | null> | string | null;
  setItem(name: string, value: string): Promise<void> | void;
  removeItem(name: string): Promise<void> | void;
}

/** Opens the device's key for one application, bot and person. */
export type DeviceKeys = (name: string) => Promise<DeviceKey | null>;

/** A key that never leaves this device (DPoP, RFC 9449). */
export interface DeviceKey {
  /** Whether an earlier load of the page stored the key. Only then does it survive the next load. */
  readonly isStored: boolean;
  /** Sends the request with a proof of the key. If the device's clock is wrong, it repeats by the service's clock. */
  send(request: Request, accessToken: string | null, fetch: Transport): Promise<Response>;
}

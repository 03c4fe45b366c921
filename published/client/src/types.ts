import type { Call, Schemas } from './api.js';
import type { CountersignError } from './problem.js';

/** What `createCountersign` needs to know. Only `api` and `applicationId` are required. */
export interface CountersignOptions {
  /** Address of the service, such as `https://id.example.com`. */
  readonly api: string;
  /** Public id of the application; `countersign application create` prints it. */
  readonly applicationId: string;
  /** Numeric id of the bot that launches the Mini App. Only where the application has several. */
  readonly botId?: string;
  /** Shown to the person in the list of their sessions. */
  readonly deviceName?: string;
  /** Origins, beside that of `api`, whose requests get the token: `['https://api.example.com']`. */
  readonly origins?: readonly string[];
  /** Init data of the page; `readInitData` by default. `null` says that there is none. */
  readonly initData?: () => string | null;
  /** `deviceKeys()` of `@countersign/client/device-keys`: binds sessions to a key of this device. */
  readonly deviceKeys?: DeviceKeys;
  /** Where the session is kept, in this order of preference. Those of the platform by default. */
  readonly stores?: readonly Store[];
  /** Sends the requests; the global `fetch` by default. */
  readonly fetch?: typeof globalThis.fetch;
}

/** A client of one application. Making it neither throws nor reads or sends anything. */
export interface Countersign {
  /** The session as a store: for `useSyncExternalStore`, or by hand. */
  readonly session: SessionStore;
  /**
   * Opens a session: by init data of the page, or by the given proof. Without a proof it returns the session at
   * hand, and parallel calls share one sign-in. Of several calls with proofs the last one counts.
   * @throws CountersignError with the service's code; `local.no_init_data`, `local.unreachable`,
   * `local.superseded` when another sign-in or a sign-out came in between
   */
  signIn(proof?: Proof): Promise<SignedIn>;
  /**
   * Forgets the session at once, here and in other tabs, then ends it at the service. Init data of this launch
   * signs in again only by `signIn()`. A device key stays.
   * @throws CountersignError when the service could not be reached; here the session is over all the same
   */
  signOut(): Promise<void>;
  /**
   * `fetch` with the access token, for the origins of `api` and `origins` alone, and with a proof of the device key
   * where the session is bound. Renews the session first, or after an answer that says so, and repeats the request
   * at most once. A request with a token follows no redirect: it fails, or ends at it with `redirect: 'manual'`.
   * @param transport sends the request with its headers, in place of the `fetch` of the options
   * @throws what `fetch` throws; CountersignError `local.unreachable` when the session could not be renewed
   */
  fetch(input: RequestInfo | URL, init?: RequestInit, transport?: Transport): Promise<Response>;
  /**
   * Calls an operation of the service by method and path, typed by its OpenAPI document, and returns the body.
   * @throws CountersignError with the service's code, such as `session.token_missing` without a session;
   * `local.unreachable`
   */
  readonly call: Call;
  /**
   * The access token of the session, for a WebSocket or another library; `null` without a session. Renews the session first
   * where that is due. Ask for it before each use, and show it only to services of yours. With a device key (`isBound`) no
   * service takes it without a proof: see `fetch` and `./web-socket`.
   * @throws CountersignError `local.unreachable`, or the service's code, when it is not known whether the token has ended
   */
  getAccessToken(): Promise<string | null>;
  /** Stops listening to the page and to other tabs: for hot reload and tests. The session stays. */
  close(): void;
}

/** Sends a request, as `fetch` does. */
export type Transport = (request: Request) => Promise<Response>;

/** The session of the page, and who wants to know of its changes. */
export interface SessionStore {
  /** The state; the same object until it changes. */
  readonly getSnapshot: () => SessionState;
  /** Always `loading`: what a server renders. */
  readonly getServerSnapshot: () => SessionState;
  /** Starts the session at its first call. @returns ends the subscription */
  readonly subscribe: (listener: () => void) => () => void;
}

export type SessionState =
  | { readonly status: 'loading' }
  | ({ readonly status: 'signed-in' } & SignedIn)
  /** `reason`: the code that ended the session or refused the last one, if there was one. */
  | { readonly status: 'signed-out'; readonly reason?: string; readonly error?: CountersignError }
  /** The init data of this launch opens no session again: the person closes the Mini App and opens it anew. */
  | { readonly status: 'relaunch-needed'; readonly reason: string; readonly error: CountersignError }
  /** No session, because the service gave no answer, 429 or 503. The page tries again when it is shown or online. */
  | { readonly status: 'unreachable'; readonly error: CountersignError };

/** What the sign-in answered about the session and its account: all but the tokens. */
export interface SignedIn extends Omit<
  Schemas['SignInResponse'],
  'tokenType' | 'accessToken' | 'expiresIn' | 'refreshToken' | 'refreshExpiresIn'
> {
  /** Whether the session is bound to a key of this device. */
  readonly isBound: boolean;
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Body<Name extends keyof Schemas> = Without<Schemas[Name], 'applicationId' | 'deviceName'>;

/** A proof of a person. `with` is the way that it was made, as in the path of its operation below `/v1/auth/`. */
export type Proof =
  | ({ readonly with: 'telegram/init-data' } & Body<'InitDataSignIn'>)
  | ({ readonly with: 'telegram/third-party-init-data' } & Body<'ThirdPartyInitDataSignIn'>)
  | ({ readonly with: 'telegram/login-widget' } & Body<'LoginWidgetSignIn'>)
  | ({ readonly with: 'openweb3/init-data' } & Body<'InitDataSignIn'>)
  /** One-time code of a redirect: Log In With Telegram (see `./telegram`), or Rapidpace. */
  | ({ readonly with: 'exchange' } & Body<'ExchangeRequest'>)
  /** Answer to a challenge of `call('POST', '/v1/auth/wallets/challenges', ...)`. */
  | ({ readonly with: 'wallets' } & Body<'WalletSignIn'>);

/**
 * A place that keeps a text by name, in the shape of Web Storage: `localStorage` is one. What it throws, or leaves
 * unanswered for a second, counts as "not there".
 */
export interface Store {
  getItem(name: string): Promise<string | null> | string | null;
  setItem(name: string, value: string): Promise<void> | void;
  removeItem(name: string): Promise<void> | void;
}

/** Opens the key of this device for one application, bot and person. */
export type DeviceKeys = (name: string) => Promise<DeviceKey | null>;

/** A key that never leaves this device (DPoP, RFC 9449). */
export interface DeviceKey {
  /** Whether an earlier load of the page has stored it: only then it will be there after the next one. */
  readonly isStored: boolean;
  /** Sends the request with a proof of the key, once more by the service's clock where the device's is wrong. */
  send(request: Request, accessToken: string | null, fetch: Transport): Promise<Response>;
}

'use client';

import {
  createContext,
  createElement,
  Fragment,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type ButtonHTMLAttributes,
  type ReactElement,
  type ReactNode,
} from 'react';
import type { Schemas } from '../api.js';
import { errorTexts, type CountersignError } from '../problem.js';
import { readInitData } from '../mini-app/init-data.js';
import { startTelegramLogin, type TelegramLogin } from '../mini-app/telegram-login.js';
import { followTelegramVisibility } from '../mini-app/telegram-visibility.js';
import type { Countersign, Proof, SessionState, SignedIn } from '../types.js';

/** The maximum age of a profile when the page is shown, is online again, or renders another component with it. */
const FRESH_MS = 60_000;

const LOADING = { status: 'loading' } as const;
const Context = createContext<Countersign | null>(null);

export interface CountersignProviderProps {
  /** Create it once, in its own module. A component would create another client at each rendering. */
  readonly client: Countersign;
  readonly children?: ReactNode;
}

/** The profile of the signed-in person: the answer of `GET /v1/me`. */
export type User = Schemas['MeResponse'];

export type UserState =
  /** The session is `loading`, or the profile is on its way. */
  | Exclude<SessionState, { readonly status: 'signed-in' }>
  | {
      readonly status: 'signed-in';
      readonly user: User;
      /** The reason why the profile could not be read again. `user` is the last profile. */
      readonly error?: CountersignError;
      readonly reload: () => Promise<void>;
    }
  /** The person is signed in, but the profile could not be read. */
  | { readonly status: 'failed'; readonly error: CountersignError; readonly reload: () => Promise<void> };

interface UserStore {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => UserState;
}

/** Gives the client to the hooks below it. The first hook opens the session. */
export function CountersignProvider({ client, children }: CountersignProviderProps): ReactElement {
  useEffect(() => followTelegramVisibility(client), [client]);
  return createElement(Context.Provider, { value: client }, children);
}

/** Returns the client of the nearest `CountersignProvider`. @throws Error if there is none */
export function useCountersign(): Countersign {
  const client = useContext(Context);
  if (!client) throw new Error('This hook needs a CountersignProvider above it.');
  return client;
}

/**
 * Returns the session. Compare `status` with `signed-in` before you read data about the person. On a server, and at the
 * first rendering in the page, the state is `loading`.
 */
export function useSession(): SessionState {
  const { subscribe, getSnapshot, getServerSnapshot } = useCountersign().session;
  return useSyncExternalStore(subscribe, getSnapshot, getServerSnapshot);
}

/**
 * Returns the session with the person's profile. All components share one request. It is repeated for another session,
 * by `reload()`, and when a page whose profile is missing or over a minute old is shown or online again.
 */
export function useUser(): UserState {
  const { subscribe, getSnapshot } = userOf(useCountersign());
  return useSyncExternalStore(subscribe, getSnapshot, () => LOADING);
}

export interface SignIn {
  /** Calls `signIn` of the client without throwing. After a failure it returns `null`, and `error` gives the reason. */
  readonly signIn: (proof?: Proof) => Promise<SignedIn | null>;
  /** Whether the last sign-in of this component is on its way. */
  readonly isPending: boolean;
  /** The reason why the last sign-in of this component failed. The next sign-in sets it to `null`. */
  readonly error: CountersignError | null;
}

/** Returns a sign-in for a component to begin. `useSession` shows the sign-ins that begin by themselves. */
export function useSignIn(): SignIn {
  const client = useCountersign();
  const last = useRef(0);
  const [state, setState] = useState<Omit<SignIn, 'signIn'>>({ isPending: false, error: null });
  async function signIn(proof?: Proof): Promise<SignedIn | null> {
    const mine = (last.current += 1);
    const end = (error: CountersignError | null): void => {
      if (last.current === mine) setState({ isPending: false, error });
    };
    setState({ isPending: true, error: null });
    try {
      const signedIn = await client.signIn(proof);
      end(null);
      return signedIn;
    } catch (error) {
      end(error as CountersignError);
      return null;
    }
  }
  return { signIn, ...state };
}

export interface TelegramLoginButtonProps extends Omit<
  ButtonHTMLAttributes<HTMLButtonElement>,
  'type' | 'onClick'
> {
  /** The options of the login. `finishTelegramLogin` of `./telegram` ends it on the page of `redirectUri`. */
  readonly login: TelegramLogin;
}

/**
 * Renders a plain `button` that begins Log In With Telegram on a web page without a session. An alert follows it if the
 * login cannot begin. Elsewhere it renders nothing, because a Mini App signs in with its init data.
 */
export function TelegramLoginButton({
  login,
  children = 'Log in with Telegram',
  ...attributes
}: TelegramLoginButtonProps): ReactElement | null {
  const { status } = useSession();
  const [isLeaving, setLeaving] = useState(false);
  const [error, setError] = useState<string | null>(null);
  if (status === 'loading' || status === 'signed-in' || readInitData() !== null) return null;
  async function leave(): Promise<void> {
    setLeaving(true);
    setError(null);
    try {
      window.location.assign(await startTelegramLogin(login));
    } catch {
      setLeaving(false);
      setError(errorTexts['local.login_not_begun']);
    }
  }
  const { disabled } = attributes;
  const button = createElement(
    'button',
    {
      ...attributes,
      type: 'button',
      disabled: disabled === true || isLeaving,
      onClick: () => void leave(),
    },
    children,
  );
  return createElement(Fragment, null, button, error && createElement('span', { role: 'alert' }, error));
}

const known = new WeakMap<Countersign, UserStore>();

/** Returns the same functions for a client each time, because React subscribes again when they change. */
function userOf(client: Countersign): UserStore {
  const store = known.get(client) ?? userStore(client);
  known.set(client, store);
  return store;
}

function userStore({ session, call }: Countersign): UserStore {
  const listeners = new Set<() => void>();
  let read: { readonly by: string; readonly userId: string; readonly state: UserState } | undefined;
  let readAt = 0;
  let again: Promise<void> | undefined;
  let reading: { readonly by: string; readonly end: Promise<void> } | undefined;

  function getSnapshot(): UserState {
    const now = session.getSnapshot();
    if (now.status !== 'signed-in') return now;
    return read?.userId === now.userId ? read.state : LOADING;
  }

  /** A running read may be older than the change that `reload` follows, so the profile is read once more. */
  function reload(): Promise<void> {
    if (!reading) return load();
    return (again ??= reading.end.then(() => {
      again = undefined;
      return load();
    }));
  }

  function load(): Promise<void> {
    const now = session.getSnapshot();
    if (now.status !== 'signed-in') return Promise.resolve();
    const { userId, sessionId: by } = now;
    if (reading?.by === by) return reading.end;
    const mine = {
      by,
      end: call('GET', '/v1/me')
        .then<UserState, UserState>(
          (user) => ({ status: 'signed-in', user, reload }),
          (caught: unknown) => {
            const error = caught as CountersignError;
            const last: UserState = read?.userId === userId ? read.state : LOADING;
            return last.status === 'signed-in' ? { ...last, error } : { status: 'failed', error, reload };
          },
        )
        .then((state) => {
          if (reading !== mine) return;
          reading = undefined;
          read = { by, userId, state };
          readAt = Date.now();
          for (const listener of listeners) listener();
        }),
    };
    reading = mine;
    return mine.end;
  }

  function follow(): void {
    const now = session.getSnapshot();
    if (now.status !== 'signed-in') read = reading = undefined;
    else if (read?.by !== now.sessionId || Date.now() - readAt > FRESH_MS) void load();
  }

  function wake(): void {
    if (document.hidden) return;
    if (read && 'error' in read.state) void load();
    else follow();
  }

  function listen(verb: 'addEventListener' | 'removeEventListener'): void {
    if (typeof document === 'undefined') return;
    document[verb]('visibilitychange', wake);
    window[verb]('online', wake);
  }

  return {
    getSnapshot,
    subscribe(listener) {
      const entry = (): void => listener();
      if (listeners.size === 0) listen('addEventListener');
      listeners.add(entry);
      const end = session.subscribe(() => {
        follow();
        listener();
      });
      follow();
      return () => {
        end();
        listeners.delete(entry);
        if (listeners.size === 0) listen('removeEventListener');
      };
    },
  };
}

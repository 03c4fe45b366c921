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

/** How old the profile may be when the page is shown, is online again, or gets another component that needs it. */
const FRESH_MS = 60_000;

const LOADING = { status: 'loading' } as const;
const Context = createContext<Countersign | null>(null);

export interface CountersignProviderProps {
  /** Made once, in a module of its own: a component would make another one at each rendering. */
  readonly client: Countersign;
  readonly children?: ReactNode;
}

/** The profile of the signed-in person: the answer of `GET /v1/me`. */
export type User = Schemas['MeResponse'];

export type UserState =
  /** The session is `loading` too, or the profile is on its way. */
  | Exclude<SessionState, { readonly status: 'signed-in' }>
  | {
      readonly status: 'signed-in';
      readonly user: User;
      /** Why the profile could not be read again; `user` is the last one that was read. */
      readonly error?: CountersignError;
      readonly reload: () => Promise<void>;
    }
  /** The person is signed in, and the profile could not be read. */
  | { readonly status: 'failed'; readonly error: CountersignError; readonly reload: () => Promise<void> };

interface UserStore {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => UserState;
}

/** Gives the client to the hooks below it. It neither opens nor closes anything: the first hook opens the session. */
export function CountersignProvider({ client, children }: CountersignProviderProps): ReactElement {
  useEffect(() => followTelegramVisibility(client), [client]);
  return createElement(Context.Provider, { value: client }, children);
}

/**
 * The client of the nearest `CountersignProvider`.
 * @throws Error where there is none
 */
export function useCountersign(): Countersign {
  const client = useContext(Context);
  if (!client) throw new Error('This hook needs a CountersignProvider above it.');
  return client;
}

/**
 * The session. What it tells of the person is there only once `status` has been compared with `signed-in`, so that no
 * page leaves out what it shows before that. A server, and the first rendering in the page, get `loading`.
 */
export function useSession(): SessionState {
  const { subscribe, getSnapshot, getServerSnapshot } = useCountersign().session;
  return useSyncExternalStore(subscribe, getSnapshot, getServerSnapshot);
}

/**
 * The session with the profile of its person: one request for all components. It is read again for another session, by
 * `reload()`, and when a page that has it for over a minute, or without success, is shown or online again.
 */
export function useUser(): UserState {
  const { subscribe, getSnapshot } = userOf(useCountersign());
  return useSyncExternalStore(subscribe, getSnapshot, () => LOADING);
}

export interface SignIn {
  /** As `signIn` of the client, but it never throws: after a failure it answers `null`, and `error` says why. */
  readonly signIn: (proof?: Proof) => Promise<SignedIn | null>;
  /** Whether the last sign-in of this component is on its way. */
  readonly isPending: boolean;
  /** Why the last sign-in of this component failed; `null` from the start of the next one. */
  readonly error: CountersignError | null;
}

/** A sign-in that a component begins. Sign-ins that begin by themselves are in the state of `useSession`. */
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
  /** Where the login begins and ends. `finishTelegramLogin` of `./telegram` ends it, in the page of `redirectUri`. */
  readonly login: TelegramLogin;
}

/**
 * A button that begins Log In With Telegram in a web page without a session, and nothing elsewhere: a Mini App signs in by its
 * init data. A plain `button`, followed by an alert where the login cannot begin. Other attributes go to the button.
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

/** The same functions for the life of a client: React subscribes anew when they change. */
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

  /** What is being read already may be older than what `reload` is called for: then it is read once more. */
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
          // Another session has come in between, and has its own reading.
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

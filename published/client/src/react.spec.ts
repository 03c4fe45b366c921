import { Window } from 'happy-dom';
import {
  act,
  createElement as h,
  StrictMode,
  type FunctionComponent,
  type ReactElement,
  type ReactNode,
} from 'react';
import type * as Dom from 'react-dom/client';
import type * as Server from 'react-dom/server';
import {
  CountersignProvider,
  TelegramLoginButton,
  useCountersign,
  useSession,
  useSignIn,
  useUser,
  type User,
  type UserState,
} from './react.js';
import { createCountersign } from './countersign.js';
import { CountersignError, errorTexts } from './problem.js';
import type { StoredSession } from './session/stored-session.js';
import type { Countersign, SessionState, SignedIn } from './types.js';

const ADA = { userId: 'person-1', ...named('Ada') };
const GRACE = { userId: 'person-2', ...named('Grace') };

const Session: FunctionComponent = () => {
  const session = useSession();
  return h('p', null, session.status === 'signed-in' ? `in ${session.sessionId.slice(-1)}` : session.status);
};

function textOf(state: UserState): string {
  if (state.status === 'signed-in')
    return `${state.user.profile.firstName} ${state.error?.code ?? ''}`.trimEnd();
  return 'error' in state ? `${state.status}: ${state.error.code}` : state.status;
}

const Name: FunctionComponent = () => h('b', null, textOf(useUser()));

interface TestOptions {
  /** Who opens the page; `null` for no session and no init data. */
  readonly user?: typeof ADA | null;
  /** If not, the session is one that was stored. */
  readonly isInTelegram?: boolean;
}

function problem(status: number, code: string): Response {
  return Response.json({ code, title: code, status }, { status });
}

type TestClient = ReturnType<typeof createTestClient>;

/** The client on a made-up service that knows a profile. */
function createTestClient({ user = ADA, isInTelegram = true }: TestOptions) {
  const texts = new Map<string, string>();
  let person = user ?? ADA;
  let next = person;
  let signIns = 0;
  let readings = 0;
  let accessToken: string | null = null;
  let [isConnected, isProofUsed] = [true, false];
  let answer: () => unknown = () => person;

  function nextPair(): StoredSession['pair'] {
    accessToken = crypto.randomUUID();
    return {
      ...{ tokenType: 'Bearer', accessToken, expiresIn: 1800 },
      ...{ refreshToken: crypto.randomUUID(), refreshExpiresIn: 2_592_000 },
      ...{ sessionId: `session-${signIns}`, userId: person.userId, isNewUser: false },
      ...{ assurance: 'platform', startParam: null },
    };
  }

  function signIn(): Response {
    if (isProofUsed) return problem(401, 'auth.proof_used');
    signIns += 1;
    person = next;
    return Response.json(nextPair());
  }

  async function fetch(input: RequestInfo | URL): Promise<Response> {
    const { url, headers } = input as Request;
    const { pathname } = new URL(url);
    const isAuth = /^\/v1\/(?:auth|oauth)\//.test(pathname);
    // With no pause before the next attempt.
    if (!isConnected) throw isAuth ? new CountersignError('local.unreachable', 0, {}, 0) : new TypeError();
    if (pathname === '/v1/oauth/revoke') accessToken = null;
    else if (pathname === '/v1/auth/refresh')
      return accessToken ? Response.json(nextPair()) : problem(401, 'session.ended');
    else if (isAuth) return signIn();
    else if (headers.get('Authorization') !== `Bearer ${accessToken}`) return problem(401, 'session.ended');
    if (pathname !== '/v1/me') return new Response();
    readings += 1;
    const body = await answer();
    return body instanceof Response ? body : Response.json(body);
  }

  if (!isInTelegram && user) {
    signIns += 1;
    texts.set('', JSON.stringify({ version: 1, at: Date.now(), pair: nextPair() } satisfies StoredSession));
  }
  const initData = new URLSearchParams({ user: '{"id":7}', auth_date: '1795177295', hash: 'a'.repeat(64) });
  const client = createCountersign({
    api: 'https://countersign.test',
    // Not that of another test: pages of one application share their session.
    applicationId: crypto.randomUUID(),
    initData: () => (isInTelegram && user ? String(initData) : null),
    stores: [
      {
        getItem: () => texts.get('') ?? null,
        setItem: (_, value) => void texts.set('', value),
        removeItem: () => texts.clear(),
      },
    ],
    fetch,
  });
  /** Lets the client learn what has happened, as by any request. */
  const notice = () => client.fetch('https://countersign.test/-').catch(() => undefined);

  return {
    ...client,
    readings: () => readings,
    /** Answers readings of the profile from now on. */
    answer: (next: () => unknown) => void (answer = next),
    /** The person whom the next sign-in brings. */
    become: (someone: typeof ADA) => void (next = someone),
    endSession: () => {
      accessToken = null;
      return notice();
    },
    demandRelaunch: () => {
      [isProofUsed, accessToken] = [true, null];
      return notice();
    },
    disconnect: () => {
      isConnected = false;
      return notice();
    },
    reconnect: () => {
      isConnected = true;
      return notice();
    },
  };
}

/** What React looks at in a page. */
const GLOBALS = ['window', 'document', 'navigator', 'sessionStorage', 'IS_REACT_ACT_ENVIRONMENT'];

describe('React', () => {
  const clients: TestClient[] = [];
  const roots: Dom.Root[] = [];
  let before: readonly (PropertyDescriptor | undefined)[];
  let page: Window;
  let dom: typeof Dom;
  let server: typeof Server;

  beforeAll(async () => {
    page = new Window({ url: 'https://app.example.com/' });
    const values = [page, page.document, page.navigator, page.sessionStorage, true];
    before = GLOBALS.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
    GLOBALS.forEach((name, place) =>
      Object.defineProperty(globalThis, name, { value: values[place], configurable: true, writable: true }),
    );
    dom = await import('react-dom/client');
    server = await import('react-dom/server');
  });

  afterEach(async () => {
    await act(async () => {
      for (const root of roots.splice(0)) root.unmount();
    });
    for (const client of clients.splice(0)) client.close();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  afterAll(async () => {
    await page.happyDOM.close();
    GLOBALS.forEach((name, place) => {
      Reflect.deleteProperty(globalThis, name);
      if (before[place]) Object.defineProperty(globalThis, name, before[place]);
    });
  });

  function aClient(options: TestOptions = {}): TestClient {
    const client = createTestClient(options);
    clients.push(client);
    return client;
  }

  function container(html = ''): Element {
    const element = document.createElement('main');
    element.innerHTML = html;
    return element;
  }

  async function shown(node: ReactNode): Promise<{ text: () => string | null; root: Dom.Root }> {
    const element = container();
    const root = dom.createRoot(element);
    roots.push(root);
    await act(async () => root.render(node));
    await settled();
    return { root, text: () => element.textContent };
  }

  /** Waits for answers and what React makes of them. */
  async function settled(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await act(() => new Promise((resolve) => setImmediate(resolve)));
  }

  async function happens(event: () => unknown): Promise<void> {
    await act(async () => {
      await event();
    });
    await settled();
  }

  function within(client: Countersign, ...children: ReactNode[]): ReactElement {
    return h(CountersignProvider, { client }, ...children);
  }

  it('signs in once and reads the profile once, mounted twice by Strict Mode and needed by many', async () => {
    const client = aClient();

    const { text } = await shown(
      h(StrictMode, null, within(client, h(Session), h(Name), h(Name), h(Session))),
    );

    expect(text()).toBe('in 1AdaAdain 1');
    expect(client.readings()).toBe(1);
  });

  it('renders the loading branch on a server, which reads nothing, and hydrates it without a mismatch', async () => {
    const client = aClient();
    const tree = within(client, h(Session), h(Name));
    const html = server.renderToString(tree);
    expect(html).toBe('<p>loading</p><b>loading</b>');
    await new Promise((resolve) => setImmediate(resolve));
    expect(client.session.getSnapshot()).toEqual({ status: 'loading' });
    // Before the page is hydrated another part has opened the session.
    await client.signIn();

    const complaints: unknown[] = [];
    const element = container(html);
    const onRecoverableError = (error: unknown): void => void complaints.push(error);
    await act(async () => void roots.push(dom.hydrateRoot(element, tree, { onRecoverableError })));
    await settled();

    expect(complaints).toEqual([]);
    expect(element.textContent).toBe('in 1Ada');
  });

  it('shows that the session was ended elsewhere, and forgets the profile', async () => {
    const client = aClient({ isInTelegram: false });
    const { text } = await shown(within(client, h(Session), h(Name)));
    expect(text()).toBe('in 1Ada');

    await happens(() => client.endSession());

    expect(text()).toBe('signed-outsigned-out: session.ended');
  });

  it('shows the next person, and never the former one to them', async () => {
    const client = aClient();
    const seen: string[] = [];
    const Watch: FunctionComponent = () => {
      const session = useSession();
      const user = useUser();
      if (session.status === 'signed-in') seen.push(`${session.userId.slice(-1)} ${textOf(user)}`);
      return null;
    };
    await shown(within(client, h(Watch)));

    client.become(GRACE);
    await happens(() => client.endSession());

    expect([...new Set(seen)]).toEqual(['1 loading', '1 Ada', '2 loading', '2 Grace']);
    expect(client.readings()).toBe(2);
  });

  it('subscribes no more once it is unmounted', async () => {
    const client = aClient();
    const remove = jest.spyOn(page.document, 'removeEventListener');
    const { root } = await shown(within(client, h(Session), h(Name)));

    await act(async () => root.unmount());
    roots.length = 0;
    expect(remove.mock.calls.map(([name]) => name)).toContain('visibilitychange');
    client.become(GRACE);
    await happens(() => client.endSession());

    expect(client.readings()).toBe(1);
  });

  it.each([
    ['unreachable: local.unreachable', (client: TestClient) => client.disconnect()],
    ['relaunch-needed: auth.proof_used', (client: TestClient) => client.demandRelaunch()],
    ['failed: user.not_found', (client: TestClient) => client.answer(() => problem(404, 'user.not_found'))],
  ])('shows the error where there is no profile: %s', async (expected, happened) => {
    const client = aClient();
    await Promise.resolve(happened(client));

    const { text } = await shown(within(client, h(Name)));

    expect(text()).toBe(expected);
  });

  it('keeps the profile where it cannot be read again, and reads it when the page is online again', async () => {
    const client = aClient();
    const { text } = await shown(within(client, h(Name), h(Reload)));

    await happens(() => client.disconnect());
    await happens(() => reload());
    expect(text()).toBe('Ada local.unreachable');
    await happens(() => client.reconnect());
    await happens(() => page.dispatchEvent(new page.Event('online')));

    expect(text()).toBe('Ada');
  });

  it('reads an old profile again when the page is shown, and a fresh one not', async () => {
    const client = aClient();
    const { text } = await shown(within(client, h(Name)));
    const show = (): boolean => page.document.dispatchEvent(new page.Event('visibilitychange'));
    client.answer(() => ({ ...ADA, ...named('Augusta') }));
    const before = client.readings();

    await happens(show);
    expect(client.readings()).toBe(before);
    const now = Date.now() + 61_000;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    await happens(show);
    await happens(show);

    expect(text()).toBe('Augusta');
    expect(client.readings()).toBe(before + 1);
  });

  it('drops a profile that comes after the sign-out', async () => {
    const client = aClient();
    const { text } = await shown(within(client, h(Name), h(Reload)));
    const arrivals: (() => void)[] = [];
    client.answer(() => new Promise((resolve) => arrivals.push(() => resolve(ADA))));

    await happens(() => void reload());
    await happens(() => client.signOut());
    await happens(() => arrivals[0]?.());
    await happens(() => client.signIn());
    expect(arrivals).toHaveLength(2);
    expect(text()).toBe('loading');
    await happens(() => arrivals[1]?.());

    expect(text()).toBe('Ada');
  });

  describe('a sign-in that a component begins', () => {
    const none = { user: null };
    let begin: () => Promise<SignedIn | null>;
    const seen: string[] = [];
    beforeEach(() => seen.splice(0));
    const SignIn: FunctionComponent = () => {
      const { signIn, isPending, error } = useSignIn();
      begin = () => signIn({ with: 'exchange', code: 'a-code' });
      const shows = isPending ? 'pending' : (error?.code ?? 'idle');
      if (seen.at(-1) !== shows) seen.push(shows);
      return h('i', null, shows);
    };

    it('answers null after a failure, and has its error until the next one', async () => {
      const client = aClient(none);
      const { text } = await shown(within(client, h(SignIn)));
      await happens(() => client.disconnect());

      let answer: unknown;
      await happens(async () => (answer = await begin()));
      expect({ answer, text: text() }).toEqual({ answer: null, text: 'local.unreachable' });
      await happens(() => client.reconnect());
      await happens(() => begin());

      expect(text()).toBe('idle');
    });
  });

  describe('the button for Log In With Telegram', () => {
    const login = {
      api: 'https://id.example.com',
      applicationId: 'an-application',
      redirectUri: 'https://app.example.com/in',
    };

    /** The button in a page of a client. */
    async function shownIn(options: TestOptions, attributes: object = {}) {
      const client = aClient(options);
      const element = container();
      const root = dom.createRoot(element);
      roots.push(root);
      await act(async () => root.render(within(client, h(TelegramLoginButton, { login, ...attributes }))));
      await settled();
      return { client, element, button: () => element.querySelector('button') };
    }

    it('leads to the start of the login', async () => {
      let leave: (address: unknown) => void = () => undefined;
      const gone = new Promise((resolve) => (leave = resolve));
      jest.spyOn(page.location, 'assign').mockImplementation((address) => leave(address));
      const { element, button } = await shownIn({ user: null }, { className: 'mine' });
      expect(element.innerHTML).toBe('<button class="mine" type="button">Log in with Telegram</button>');

      await happens(() => button()?.click());
      const address = new URL(String(await gone));
      expect(address.origin + address.pathname).toBe('https://id.example.com/v1/auth/telegram/oidc/start');
      expect(Object.fromEntries(address.searchParams)).toMatchObject({
        applicationId: 'an-application',
        redirectUri: login.redirectUri,
        codeChallengeMethod: 'S256',
      });
      expect(button()?.disabled).toBe(true);
    });

    it('alerts where the browser stores nothing, and can be pressed again', async () => {
      const blocked = {
        getItem: () => null,
        setItem: () => {
          throw new Error('blocked');
        },
      };
      jest.replaceProperty(globalThis, 'sessionStorage', blocked as unknown as Storage);
      const { element, button } = await shownIn({ user: null }, { children: 'Anmelden' });

      await happens(() => button()?.click());

      expect(button()?.textContent).toBe('Anmelden');
      expect(button()?.disabled).toBe(false);
      expect(element.querySelector('[role=alert]')?.textContent).toBe(errorTexts['local.login_not_begun']);
    });

    it('is not there with a session, in a Mini App, and at the server', async () => {
      expect((await shownIn({ isInTelegram: false })).button()).toBeNull();
      const client = aClient({ user: null });
      expect(server.renderToString(within(client, h(TelegramLoginButton, { login })))).toBe('');
      Object.assign(globalThis, { Telegram: { WebApp: { initData: 'user=1' } } });
      try {
        expect((await shownIn({ user: null })).button()).toBeNull();
      } finally {
        Reflect.deleteProperty(globalThis, 'Telegram');
      }
    });
  });

  it('says that a provider is missing', () => {
    expect(() => server.renderToString(h(Session))).toThrow('CountersignProvider');
  });

  let reload: () => Promise<void>;
  const Reload: FunctionComponent = () => {
    const state = useUser();
    if ('reload' in state) ({ reload } = state);
    return null;
  };
});

function named(firstName: string): Pick<User, 'profile'> {
  return { profile: { firstName, lastName: null, username: null, photoUrl: null, languageCode: null } };
}

/** Compiled, and never run: a page that forgets a state is refused. */
export const OfTheCompiler: FunctionComponent = () => {
  const session: SessionState = useSession();
  const state: UserState = useUser();
  const { call } = useCountersign();
  void call('GET', '/v1/me');
  // @ts-expect-error -- the session may be none
  String(session.userId);
  // @ts-expect-error -- the profile may be on its way
  String(state.user);
  if (state.status === 'failed') throw state.error;
  // @ts-expect-error -- no such state
  if (session.status === 'signed in') return null;
  return session.status === 'signed-in' && state.status === 'signed-in'
    ? h('p', null, session.userId, state.user.profile.firstName)
    : null;
};

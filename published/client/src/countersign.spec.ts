import { createCountersign } from './countersign.js';
import type { Countersign, CountersignOptions, Store } from './types.js';
import { webSocketProtocols } from './web-socket.js';

const API = 'https://id.example.com';
const USER = '{"id":7,"first_name":"Ada"}';
const INIT_DATA = `user=${encodeURIComponent(USER)}&auth_date=1795177295&hash=${'a'.repeat(64)}`;

/** What of a page a server has not. */
type PageGlobal = 'location' | 'document' | 'window' | 'navigator';

class FakeService {
  readonly requests: Request[] = [];
  answer: (request: Request) => Promise<Response> | Response = (request) => this.serve(request);
  private pairs = 0;

  readonly fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const request = input as Request;
    this.requests.push(request);
    return this.answer(request);
  };

  get paths(): readonly string[] {
    return this.requests.map(({ url }) => new URL(url).pathname);
  }

  /** Only the latest access token counts. */
  serve(request: Request): Response {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/v1/auth/')) return Response.json(this.nextPair());
    if (pathname === '/v1/oauth/revoke') return new Response();
    const isCurrent = request.headers.get('Authorization') === `Bearer at${this.pairs}`;
    return isCurrent ? Response.json({}) : problem(401, 'session.token_invalid');
  }

  /** The present token is worth nothing from now on. */
  expire(): void {
    this.pairs += 1;
  }

  nextPair(): object {
    this.pairs += 1;
    return {
      tokenType: 'Bearer',
      accessToken: `at${this.pairs}`,
      expiresIn: 1800,
      refreshToken: `rt${this.pairs}`,
      refreshExpiresIn: 2_592_000,
      sessionId: 'a-session',
      userId: 'a-user',
      isNewUser: this.pairs === 1,
      assurance: 'platform',
      startParam: this.pairs === 1 ? 'a-param' : null,
    };
  }
}

function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  return Response.json({ code, title: 'No' }, { status, headers });
}

function aStore(): Store {
  const texts = new Map<string, string>();
  return {
    getItem: (name) => texts.get(name) ?? null,
    setItem: (name, value) => void texts.set(name, value),
    removeItem: (name) => void texts.delete(name),
  };
}

describe('a client', () => {
  const open: Countersign[] = [];
  let service: FakeService;

  function aClient(options: Partial<CountersignOptions> = {}): Countersign {
    const client = createCountersign({
      api: API,
      applicationId: 'an-application',
      initData: () => INIT_DATA,
      stores: [aStore()],
      fetch: service.fetch,
      ...options,
    });
    open.push(client);
    return client;
  }

  function define(globals: Partial<Record<PageGlobal, object>>): void {
    for (const [name, value] of Object.entries(globals)) {
      const before = Object.getOwnPropertyDescriptor(globalThis, name);
      Object.defineProperty(globalThis, name, { value, configurable: true });
      undo.push(() => {
        if (before) Object.defineProperty(globalThis, name, before);
        else Reflect.deleteProperty(globalThis, name);
      });
    }
  }
  const undo: (() => void)[] = [];

  beforeEach(() => {
    service = new FakeService();
  });

  afterEach(() => {
    for (const client of open.splice(0)) client.close();
    for (const step of undo.splice(0)) step();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it.each([{ api: '' }, { api: 'no address' }, { initData: undefined }] as object[])(
    'is made of anything without throwing: %j',
    (options) => {
      expect(() => aClient(options)).not.toThrow();
      expect(service.requests).toEqual([]);
    },
  );

  it('gives the token to listed origins only, and follows no redirect with it', async () => {
    const client = aClient({ origins: ['https://api.example.com'] });

    for (const address of [`${API}/x`, 'https://api.example.com/x', 'https://api.example.com.evil.com/x'])
      await client.fetch(address);

    const calls = service.requests.filter(({ url }) => url.endsWith('/x'));
    expect(calls.map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer at1',
      'Bearer at1',
      null,
    ]);
    expect(calls.map(({ redirect }) => redirect)).toEqual(['error', 'error', 'follow']);
  });

  it('repeats a request once, with its body', async () => {
    const client = aClient();
    await client.signIn();
    service.expire();

    await client.fetch(`${API}/x`, { method: 'POST', body: 'a body' });

    expect(service.paths).toEqual(['/v1/auth/telegram/init-data', '/x', '/v1/auth/refresh', '/x']);
    expect(await service.requests.at(-1)?.text()).toBe('a body');
  });

  it('knows after a refresh that its person was new, and the start parameter of the launch', async () => {
    const client = aClient();
    const launched = await client.signIn();
    service.expire();

    await client.call('GET', '/v1/me');

    expect(service.paths).toContain('/v1/auth/refresh');
    expect(launched).toMatchObject({ isNewUser: true, startParam: 'a-param' });
    expect(client.session.getSnapshot()).toEqual({ status: 'signed-in', ...launched });
  });

  it('returns the second answer whatever it says: there is no loop', async () => {
    const client = aClient();
    await client.signIn();
    service.answer = (request) =>
      request.url.endsWith('/x') ? problem(401, 'session.expired') : service.serve(request);

    expect((await client.fetch(`${API}/x`)).status).toBe(401);

    expect(service.paths.filter((path) => path === '/x')).toHaveLength(2);
  });

  it.each([
    [401, 'auth.proof_used'],
    [401, 'auth.proof_not_fresh'],
    [403, 'account.step_up_required'],
    [409, 'session.account_switched'],
  ])('leaves %i %s of a call to the caller', async (status, code) => {
    const client = aClient();
    await client.signIn();
    const before = client.session.getSnapshot();
    service.answer = () => problem(status, code);

    await expect(client.call('GET', '/v1/me')).rejects.toMatchObject({ status, code });

    expect(client.session.getSnapshot()).toBe(before);
    expect(service.requests).toHaveLength(2);
  });

  it('drops the answer to a sign-in that another one has overtaken', async () => {
    const client = aClient({ initData: () => null });
    let answerFirst: (() => void) | undefined;
    service.answer = (request) =>
      answerFirst
        ? service.serve(request)
        : new Promise((resolve) => {
            answerFirst = () => resolve(Response.json({ ...service.nextPair(), userId: 'the-first' }));
          });
    const first = client.signIn({ with: 'exchange', code: '1' });
    while (!answerFirst) await new Promise(setImmediate);
    await client.signIn({ with: 'exchange', code: '2' });
    answerFirst();

    await expect(first).rejects.toMatchObject({ code: 'local.superseded' });

    expect(client.session.getSnapshot()).toMatchObject({ status: 'signed-in', userId: 'a-user' });
  });

  it('cancels an erasure once: a later sign-in by the same proof does not', async () => {
    const client = aClient({ initData: () => null });
    const proof = { with: 'telegram/init-data', botId: 'a-bot', initData: INIT_DATA } as const;
    await client.signIn({ ...proof, cancelErasure: true });
    const statuses = [401];
    service.answer = (request) =>
      request.url.endsWith('/v1/me') && statuses.pop()
        ? problem(401, 'session.ended')
        : service.serve(request);

    await client.call('GET', '/v1/me');

    const signIns = service.requests.filter(({ url }) => url.endsWith('/v1/auth/telegram/init-data'));
    const bodies = (await Promise.all(signIns.map((request) => request.json()))) as object[];
    expect(bodies.map((body) => 'cancelErasure' in body)).toEqual([true, false]);
  });

  it('keeps to Retry-After, and goes on afterwards', async () => {
    const client = aClient();
    service.answer = () => problem(429, 'request.rate_limited', { 'Retry-After': '30' });
    await expect(client.signIn()).rejects.toMatchObject({ status: 429 });
    service.answer = (request) => service.serve(request);
    await expect(client.signIn()).rejects.toMatchObject({ status: 429 });
    expect(service.requests).toHaveLength(1);
    expect(client.session.getSnapshot()).toMatchObject({ status: 'unreachable' });
    const later = Date.now() + 30_001;
    jest.spyOn(Date, 'now').mockReturnValue(later);

    await client.call('GET', '/v1/me');

    expect(client.session.getSnapshot()).toMatchObject({ status: 'signed-in' });
  });

  it('refreshes nothing while the token is used, which lives from its last use', async () => {
    const client = aClient();
    await client.signIn();
    const [pageNow, deviceNow] = [performance.now(), Date.now()];

    for (const later of [1_200_000, 2_400_000]) {
      jest.spyOn(performance, 'now').mockReturnValue(pageNow + later);
      jest.spyOn(Date, 'now').mockReturnValue(deviceNow + later);
      await client.call('GET', '/v1/me');
    }

    expect(service.paths.slice(1)).toEqual(['/v1/me', '/v1/me']);
  });

  it.each([
    ['the device slept, so the clock of the page stood still', 0, 1_800_000],
    ['the clock of the device was set back', 1_800_000, -3_600_000],
  ])('refreshes before the call where %s', async (_, page, device) => {
    const client = aClient();
    await client.signIn();
    const [pageNow, deviceNow] = [performance.now(), Date.now()];
    jest.spyOn(performance, 'now').mockReturnValue(pageNow + page);
    jest.spyOn(Date, 'now').mockReturnValue(deviceNow + device);

    await client.call('GET', '/v1/me');

    expect(service.paths.slice(1)).toEqual(['/v1/auth/refresh', '/v1/me']);
  });

  describe('gives its access token to other programs', () => {
    /** A web page: without init data the client refreshes only after the service has said that the token has ended. */
    const onTheWeb: Partial<CountersignOptions> = { initData: () => null };

    async function aSignedIn(options: Partial<CountersignOptions> = {}): Promise<Countersign> {
      const client = aClient(options);
      await client.signIn({ with: 'exchange', code: 'a-code' });
      service.requests.length = 0;
      return client;
    }

    function wait(seconds: number): void {
      const [pageNow, deviceNow] = [performance.now(), Date.now()];
      jest.spyOn(performance, 'now').mockReturnValue(pageNow + seconds * 1_000);
      jest.spyOn(Date, 'now').mockReturnValue(deviceNow + seconds * 1_000);
    }

    it('after a refresh where it was not used for its life, once for parallel calls', async () => {
      const client = await aSignedIn();
      wait(1_800);

      expect(await Promise.all([client.getAccessToken(), client.getAccessToken()])).toEqual(['at2', 'at2']);
      expect(service.paths).toEqual(['/v1/auth/refresh']);
    });

    it('in a web page after a refresh that the service has asked for', async () => {
      const client = await aSignedIn(onTheWeb);
      service.expire();
      wait(1_800);

      expect(await client.getAccessToken()).toBe('at3');
      expect(service.paths).toEqual(['/v1/me', '/v1/auth/refresh', '/v1/me']);
    });

    it('not where it is not known whether it has ended', async () => {
      const client = await aSignedIn(onTheWeb);
      wait(1_800);
      service.answer = () => Promise.reject(new TypeError('no network'));

      await expect(client.getAccessToken()).rejects.toMatchObject({ code: 'local.unreachable' });
      expect(service.paths).toEqual(['/v1/me']);
      service.answer = (request) => service.serve(request);
      expect(await client.getAccessToken()).toBe('at1');
    });

    it('also while the service refuses the session, which has not ended', async () => {
      const client = await aSignedIn(onTheWeb);
      wait(1_800);
      service.answer = () => problem(401, 'session.method_off');

      expect(await client.getAccessToken()).toBe('at1');
      expect(client.session.getSnapshot()).toMatchObject({ status: 'signed-in' });
    });

    it('not without a session, or after its end', async () => {
      expect(await aClient(onTheWeb).getAccessToken()).toBeNull();
      const client = await aSignedIn(onTheWeb);
      wait(1_800);
      service.answer = () => problem(401, 'session.ended');

      expect(await client.getAccessToken()).toBeNull();
      expect(client.session.getSnapshot()).toMatchObject({ status: 'signed-out', reason: 'session.ended' });
    });
  });

  it('shows a refresh token no second time where the page slept while it waited', async () => {
    const client = aClient();
    await client.signIn();
    service.expire();
    const later = Date.now() + 3_600_000;
    service.answer = (request) => {
      if (!request.url.endsWith('/refresh')) return service.serve(request);
      jest.spyOn(Date, 'now').mockReturnValue(later);
      throw new TypeError('no answer');
    };

    await expect(client.call('GET', '/v1/me')).rejects.toMatchObject({ code: 'local.unreachable' });

    expect(service.paths.filter((path) => path === '/v1/auth/refresh')).toHaveLength(1);
  });

  it('keeps a lost answer in mind where the second attempt is refused for a while', async () => {
    const client = aClient();
    await client.signIn();
    service.expire();
    let at = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => at);
    let attempts = 0;
    service.answer = (request) => {
      if (!request.url.endsWith('/refresh')) return service.serve(request);
      attempts += 1;
      if (attempts === 1) throw new TypeError('the answer is lost');
      return problem(503, 'service.unavailable', { 'Retry-After': '2' });
    };
    await expect(client.call('GET', '/v1/me')).rejects.toMatchObject({ status: 503 });
    at += 3_000;
    await expect(client.call('GET', '/v1/me')).rejects.toMatchObject({ status: 503 });
    at += 1_800_000;
    service.answer = (request) => service.serve(request);

    await client.call('GET', '/v1/me');

    expect(service.paths.filter((path) => path === '/v1/auth/refresh')).toHaveLength(3);
    expect(service.paths.filter((path) => path === '/v1/auth/telegram/init-data')).toHaveLength(2);
  });

  it.each([
    [503, 'service.unavailable'],
    [429, 'request.rate_limited'],
    [403, 'local.unexpected_answer'],
  ])('loses no session by %d without Retry-After, however long it lasts', async (status, code) => {
    const client = aClient({ initData: () => null });
    await client.signIn({ with: 'exchange', code: '1' });
    service.expire();
    let at = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => at);
    service.answer = (request) =>
      request.url.endsWith('/refresh') ? problem(status, code) : service.serve(request);
    for (let minute = 0; minute < 3; minute += 1) {
      await expect(client.call('GET', '/v1/me')).rejects.toThrow();
      at += 60_000;
    }
    service.answer = (request) => service.serve(request);

    await client.call('GET', '/v1/me');

    expect(client.session.getSnapshot()).toMatchObject({ status: 'signed-in', sessionId: 'a-session' });
  });

  it.each(['', '.', '..'])('sends nothing where a part of the path is "%s"', async (identityId) => {
    const client = aClient();
    await client.signIn();

    await expect(
      client.call('DELETE', '/v1/me/identities/{identityId}', { path: { identityId } }),
    ).rejects.toThrow(TypeError);

    expect(service.requests).toHaveLength(1);
  });

  it('calls a listener that throws, and the others, and is not hurt', async () => {
    const client = aClient();
    const thrown = jest.fn();
    const queue = globalThis.queueMicrotask;
    jest.spyOn(globalThis, 'queueMicrotask').mockImplementation((task) =>
      queue(() => {
        try {
          task();
        } catch (error) {
          thrown(error);
        }
      }),
    );
    client.session.subscribe(() => {
      throw new Error('mine');
    });
    const other = jest.fn();
    client.session.subscribe(other);

    await client.signIn();

    expect(thrown).toHaveBeenCalledTimes(1);
    expect(other).toHaveBeenCalledTimes(1);
  });

  describe('for a WebSocket', () => {
    it('offers the token to its own origins alone, and nothing without a session', async () => {
      const client = aClient({ origins: ['https://api.example.com'] });
      const url = new URL('wss://api.example.com/orders/live?a=b');

      expect(await webSocketProtocols(client, url)).toEqual(['countersign.token.at1']);
      for (const foreign of ['wss://api.example.com.evil.example/', 'ws://api.example.com/'])
        expect(await webSocketProtocols(client, foreign)).toEqual([]);
      await client.signOut();
      expect(await webSocketProtocols(client, url)).toEqual([]);
    });

    it('offers a proof of the device key where the session is bound, and sends nothing', async () => {
      service.answer = (request) =>
        request.url.includes('/auth/')
          ? Response.json({ ...service.nextPair(), tokenType: 'DPoP' })
          : problem(500, 'service.internal_error');
      const proven: string[] = [];
      const client = aClient({
        deviceKeys: () =>
          Promise.resolve({
            isStored: true,
            send: async (request, accessToken, fetch) => {
              proven.push(`${request.method} ${request.url} ${accessToken}`);
              request.headers.set('DPoP', 'a.b.c');
              return fetch(request);
            },
          }),
      });

      const protocols = await webSocketProtocols(client, 'wss://id.example.com/live');

      expect(protocols).toEqual(['countersign.token.at1', 'countersign.dpop.a.b.c']);
      expect(proven.at(-1)).toBe('GET https://id.example.com/live at1');
      expect(service.paths).toEqual(['/v1/auth/telegram/init-data']);
    });
  });

  describe('in a page', () => {
    beforeEach(() => {
      define({ location: { hash: '' } });
    });

    it('is signed out with another tab', async () => {
      const [one, two] = [aClient(), aClient()];
      await Promise.all([one.signIn(), two.signIn()]);
      await until(() => false, 20);

      await one.signOut();

      await until(() => two.session.getSnapshot().status === 'signed-out');
      expect(two.session.getSnapshot()).toEqual({ status: 'signed-out' });
    });

    it('keeps what it has heard of another tab in its own storage, for a reload', async () => {
      const [storeOfOne, storeOfTwo] = [aStore(), aStore()];
      const one = aClient({ stores: [storeOfOne] });
      const two = aClient({ stores: [storeOfTwo] });
      await one.signIn();
      await two.signIn();
      await until(() => false, 20);
      service.expire();
      await one.call('GET', '/v1/me');
      await until(() => false, 20);
      const sent = service.requests.length;

      await aClient({ stores: [storeOfTwo] }).call('GET', '/v1/me');

      expect(service.paths.slice(sent)).toEqual(['/v1/me']);
    });

    it('goes ahead where locks are refused', async () => {
      define({
        navigator: { locks: { request: () => Promise.reject(new DOMException('No', 'SecurityError')) } },
      });

      expect(await aClient().signIn()).toMatchObject({ userId: 'a-user' });
    });

    it('works where all storage is blocked', async () => {
      const blocked = (): never => {
        throw new DOMException('No', 'SecurityError');
      };
      const store = { getItem: blocked, setItem: blocked, removeItem: blocked };
      const client = aClient({ stores: [store] });
      await client.signIn();
      service.expire();

      await client.call('GET', '/v1/me');
      await client.signOut();

      expect(client.session.getSnapshot()).toEqual({ status: 'signed-out' });
    });

    it.each([
      ['at once when it is online again', undefined, 1],
      ['not before the service wants it to', '30', 0],
    ])('tries again %s', async (_, retryAfter, attempts) => {
      define({ document: Object.assign(new EventTarget(), { hidden: false }), window: new EventTarget() });
      service.answer = () =>
        problem(503, 'service.unavailable', retryAfter ? { 'Retry-After': retryAfter } : {});
      await aClient()
        .signIn()
        .catch(() => undefined);
      service.answer = (request) => service.serve(request);
      const before = service.requests.length;

      window.dispatchEvent(new Event('online'));

      await until(() => service.requests.length > before, 100);
      expect(service.requests).toHaveLength(before + attempts);
    });

    it('reads its init data once: a link within the page changes nothing', async () => {
      location.hash = `#${new URLSearchParams({ tgWebAppData: INIT_DATA }).toString()}`;
      const client = aClient({ initData: undefined } as object);
      await client.signIn();
      const other = INIT_DATA.replace('7', '8').replace(/a{64}/, 'b'.repeat(64));
      location.hash = `#${new URLSearchParams({ tgWebAppData: other }).toString()}`;
      service.expire();

      await client.call('GET', '/v1/me');

      const refresh = service.requests.find(({ url }) => url.endsWith('/refresh'));
      expect(await refresh?.json()).toMatchObject({ initData: INIT_DATA });
    });

    it('takes no init data from a link within a page that began without', async () => {
      const client = aClient({ initData: undefined } as object);
      await client.signIn({ with: 'exchange', code: '1' });
      location.hash = `#${new URLSearchParams({ tgWebAppData: INIT_DATA }).toString()}`;
      await client.signOut();

      await expect(client.signIn()).rejects.toMatchObject({ code: 'local.no_init_data' });

      expect(client.session.getSnapshot()).toMatchObject({ status: 'signed-out' });
    });

    it('tries again when it is shown, not while it is hidden', async () => {
      const page = Object.assign(new EventTarget(), { hidden: true });
      define({ document: page, window: new EventTarget() });
      const client = aClient();
      service.answer = () => Promise.reject(new TypeError('fetch failed'));
      await client.signIn().catch(() => undefined);
      expect(client.session.getSnapshot()).toMatchObject({ status: 'unreachable' });
      service.answer = (request) => service.serve(request);
      const later = Date.now() + 2_000;
      jest.spyOn(Date, 'now').mockReturnValue(later);
      const before = service.requests.length;

      page.dispatchEvent(new Event('visibilitychange'));
      await until(() => false, 20);
      expect(service.requests).toHaveLength(before);

      page.hidden = false;
      page.dispatchEvent(new Event('visibilitychange'));
      await until(() => client.session.getSnapshot().status === 'signed-in');
      expect(service.requests).toHaveLength(before + 1);
    });
  });
});

/** Waits until it holds, for so many turns of the event loop at most. */
async function until(holds: () => boolean, turns = 50_000): Promise<void> {
  for (let turn = 0; turn < turns && !holds(); turn += 1) await new Promise(setImmediate);
}

import { createTestCountersign, type TestCall, type TestCountersign, type TestOptions } from './testing.js';

const TEAM = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

describe('a client for tests', () => {
  const clients: TestCountersign[] = [];

  function aClient(options?: TestOptions): TestCountersign {
    const client = createTestCountersign(options);
    clients.push(client);
    return client;
  }

  function statusOf({ session }: TestCountersign): object {
    const { status, ...rest } = session.getSnapshot();
    return 'reason' in rest ? { status, reason: rest.reason } : { status };
  }

  beforeEach(() => {
    jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('A test has no network.'));
  });

  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
    expect(globalThis.fetch).not.toHaveBeenCalled();
    jest.restoreAllMocks();
  });

  it.each([true, false])('signs a made-up person in, in Telegram: %s', async (isInTelegram) => {
    const client = aClient({ user: { profile: { firstName: 'Grace' } }, isInTelegram });

    const { profile, userId } = await client.call('GET', '/v1/me');

    expect(profile).toMatchObject({ firstName: 'Grace', languageCode: 'en' });
    expect(client.session.getSnapshot()).toMatchObject({ status: 'signed-in', userId });
  });

  it('is signed out without a person, until a proof is given', async () => {
    const client = aClient({ user: null });
    await expect(client.call('GET', '/v1/me')).rejects.toMatchObject({ code: 'session.token_missing' });
    expect(statusOf(client)).toEqual({ status: 'signed-out' });

    await client.signIn({ with: 'exchange', code: 'a-code' });

    expect(statusOf(client)).toEqual({ status: 'signed-in' });
  });

  it('answers operations as the test says, and remembers what was asked', async () => {
    const client = aClient();
    client.refuse('PATCH', '/v1/teams/{teamId}', 409, 'team.name_taken');
    client.refuse('GET', '/v1/teams/{teamId}', 404, 'team.not_found');
    client.answer('GET', '/v1/teams/availability', ({ query }) => ({
      name: String(query['name']),
      isAvailable: query['name'] === 'Night Owls',
    }));

    const patch = { path: { teamId: TEAM }, body: { name: 'Larks' } };
    await expect(client.call('PATCH', '/v1/teams/{teamId}', patch)).rejects.toMatchObject({
      code: 'team.name_taken',
      status: 409,
    });
    const query = { name: 'Night Owls' };
    await expect(client.call('GET', '/v1/teams/availability', { query })).resolves.toMatchObject({
      isAvailable: true,
    });
    client.answer('DELETE', '/v1/me/sessions', undefined);
    await expect(client.call('DELETE', '/v1/me/sessions')).resolves.toBeUndefined();

    expect(client.calls).toEqual([
      { method: 'PATCH', path: `/v1/teams/${TEAM}`, query: {}, body: { name: 'Larks' } },
      { method: 'GET', path: '/v1/teams/availability', query, body: undefined },
      { method: 'DELETE', path: '/v1/me/sessions', query: {}, body: undefined },
    ]);
  });

  it('answers for an API of the page, and says what has no answer', async () => {
    const client = aClient({ origins: ['https://orders.example.com'] });
    client.answer('GET', 'https://orders.example.com/v1/orders', [{ id: 1 }]);

    const answer = await client.fetch('https://orders.example.com/v1/orders');

    await expect(answer.json()).resolves.toEqual([{ id: 1 }]);
    client.answer('POST', 'https://orders.example.com/v1/orders', ({ body }: TestCall) => ({ body }));
    const posted = await client.fetch('https://orders.example.com/v1/orders', {
      method: 'POST',
      body: 'a=1',
    });
    await expect(posted.json()).resolves.toEqual({ body: 'a=1' });
    await expect(client.call('GET', '/v1/teams/{teamId}', { path: { teamId: TEAM } })).rejects.toThrow(
      `No answer for GET /v1/teams/${TEAM}`,
    );
  });

  it('ends a session as elsewhere: the page signs in anew in Telegram, and is signed out on the web', async () => {
    const [app, web] = [aClient(), aClient({ isInTelegram: false })];
    const { sessionId } = await app.signIn();
    await web.call('GET', '/v1/me');

    await app.endSession();
    await web.endSession();

    expect(app.session.getSnapshot()).toMatchObject({ status: 'signed-in' });
    expect(app.session.getSnapshot()).not.toMatchObject({ sessionId });
    expect(app.calls).toEqual([]);
    expect(statusOf(web)).toEqual({ status: 'signed-out', reason: 'session.ended' });
  });

  it.each([true, false])('demands a relaunch, signed in before: %s', async (isSignedIn) => {
    const client = aClient();
    if (isSignedIn) await client.signIn();

    await client.demandRelaunch();

    expect(statusOf(client)).toEqual({ status: 'relaunch-needed', reason: 'auth.proof_used' });
  });

  it('refuses to sign in', async () => {
    const client = aClient();
    client.refuseSignIn(403, 'user.deactivated');

    await expect(client.signIn()).rejects.toMatchObject({ code: 'user.deactivated' });

    expect(statusOf(client)).toEqual({ status: 'signed-out', reason: 'user.deactivated' });
  });

  it('is unreachable until it is connected again, without a wait', async () => {
    const client = aClient();
    await client.disconnect();
    expect(statusOf(client)).toEqual({ status: 'unreachable' });

    await client.reconnect();
    expect(statusOf(client)).toEqual({ status: 'signed-in' });
    await client.disconnect();

    expect(statusOf(client)).toEqual({ status: 'signed-in' });
    await expect(client.call('GET', '/v1/me')).rejects.toMatchObject({ code: 'local.unreachable' });
  });

  it('signs out, and in again as another person', async () => {
    const client = aClient();
    const { userId } = await client.signIn();
    await client.signOut();
    expect(statusOf(client)).toEqual({ status: 'signed-out' });

    client.become({ userId: 'another' });
    const next = await client.signIn();

    expect([userId, next.userId]).toEqual([expect.not.stringMatching('another'), 'another']);
  });

  it('is refused by the compiler where a path, a body or a code is not of the service', () => {
    const client = aClient();
    // @ts-expect-error -- no such path
    client.answer('GET', '/v1/you', {});
    // @ts-expect-error -- the body is another one
    client.answer('GET', '/v1/me', { name: 'Ada' });
    // @ts-expect-error -- the code has another status
    client.refuse('GET', '/v1/me', 404, 'session.ended');
    // @ts-expect-error -- a page sends no scores
    client.answer('POST', '/v1/boards/{boardId}/scores', { seasonId: '', results: [] });
    expect(client.calls).toEqual([]);
  });
});

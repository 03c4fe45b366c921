import type { OpenAPIObject } from '@nestjs/swagger';
import { aPerson, type Person, type SignInBody } from '../factories';
import { operationsOf } from '../../apps/api/src/openapi/operations';
import {
  credentialsOf,
  expectRefused,
  MetaproClient,
  type Credentials,
  type MetaproLogin,
} from '../support/metapro-client';
import type { Demo } from '../support/test-app';
import { Device } from '../support/device-key';
import { useApplication, useTestApp } from '../support/use-test-app';

/** A poll is every few minutes; the token ends when it is unused for fifteen. */
const POLL_SECONDS = 800;
const HOUR = 3_600;

const app = useTestApp();
const demo = useApplication(app, { settings: { metapro: { enabled: true } } });
const off = useApplication(app);
const client = new MetaproClient(app);

function loginBody(at: Demo, person: Person, more: object = {}): object {
  return {
    projectId: at.applicationId,
    telegramBotName: 'test_bot',
    telegramSimpleString: app.initDataOf(at, person),
    telegramSimpleData: { id: person.id },
    ...more,
  };
}

const logIn = (person?: Person) => client.logIn(demo, person);

interface StolenFrom {
  readonly userId: string;
}

interface Called {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  /** Whether it also answers without a token. */
  readonly isOpen: boolean;
}

/** The operations of a document that take a token, with ids in their paths. */
async function operationsWith(document: string, scheme: string): Promise<readonly Called[]> {
  const read = (await app.http.get(document)).body as OpenAPIObject;
  const called = Object.entries(read.paths).flatMap(([path, item]) =>
    (['get', 'post', 'put', 'patch', 'delete'] as const).flatMap((method) =>
      item[method]?.security?.some((each) => scheme in each)
        ? [
            {
              method,
              path: path.replaceAll(/\{\w+\}/g, '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11'),
              isOpen: item[method].security.some((each) => Object.keys(each).length === 0),
            },
          ]
        : [],
    ),
  );
  expect(called.length).toBeGreaterThan(0);
  expect(operationsOf(read).length).toBeGreaterThanOrEqual(called.length);
  return called;
}

describe('the token of Metapro’s clients', () => {
  it('extends itself for a day of polls, and ends after 24 hours', async () => {
    const login = await logIn();
    const who = credentialsOf(login);
    expect(login.token).toEqual({ accessToken: expect.any(String) as string, tokenType: 'raw' });

    for (let passed = POLL_SECONDS; passed < 24 * HOUR; passed += POLL_SECONDS) {
      app.clock.advance(POLL_SECONDS);
      const answer = await client.me(who);
      if (answer.status !== 200) throw new Error(`after ${passed} seconds: ${answer.status}`);
      await app.flushSlides();
    }
    app.clock.advance(POLL_SECONDS);

    expectRefused(await client.me(who), 401, 'metapro.token_invalid');
  });

  it('ends when it is unused for fifteen minutes', async () => {
    const who = credentialsOf(await logIn());
    app.clock.advance(899);
    expect((await client.me(who)).status).toBe(200);
    app.clock.advance(901);

    expectRefused(await client.me(who), 401, 'metapro.token_invalid');
  });

  it.each<[string, (who: Credentials) => Promise<{ readonly status: number }>]>([
    ['that is refused', async (who) => client.me({ ...who, userId: demo.applicationId })],
    ['of another site', async (who) => client.me(who).set('origin', 'https://evil.example')],
  ])('is not extended by a call %s', async (_, call) => {
    const who = credentialsOf(await logIn());
    app.clock.advance(600);
    expect([401, 403]).toContain((await call(who)).status);
    app.clock.advance(301);

    expectRefused(await client.me(who), 401, 'metapro.token_invalid');
  });

  it('names its user in the header, and a wallet in the header is no authority', async () => {
    const [own, other] = [await logIn(), await logIn()];
    const who = credentialsOf(own);

    expectRefused(await client.me({ ...who, userId: other.account.userId }), 401, 'metapro.account_differs');
    const { userId: _, ...withoutUser } = who;
    expectRefused(await client.me(withoutUser), 401, 'metapro.account_differs');
    const wallet = `0x${'ab'.repeat(20)}`;
    expect((await client.me({ ...who, wallet })).body).toMatchObject({ userId: own.account.userId });
    expect((await client.me({ ...who, userId: own.account.userId.toUpperCase() })).status).toBe(200);
  });

  it.each([
    [
      'the person ends that session elsewhere',
      async (_: StolenFrom, { accessToken }: SignInBody) => {
        const authorization = `Bearer ${accessToken}`;
        const { body } = await app.http.get('/v1/me/sessions').set({ authorization });
        const { items } = body as { readonly items: readonly { sessionId: string; current: boolean }[] };
        for (const { sessionId } of items.filter(({ current }) => !current))
          await app.http.delete(`/v1/me/sessions/${sessionId}`).set({ authorization }).expect(204);
      },
    ],
    [
      'the person ends all sessions',
      async (_: StolenFrom, { accessToken }: SignInBody) => {
        await app.http
          .delete('/v1/me/sessions')
          .set({ authorization: `Bearer ${accessToken}` })
          .expect(204);
      },
    ],
    ['an operator revokes the sessions', ({ userId }: StolenFrom) => app.accounts.revoke({ userId })],
    [
      'an operator deactivates the account',
      ({ userId }: StolenFrom) => app.accounts.setStatus(userId, 'deactivated'),
    ],
  ])('that was stolen opens no route when %s', async (_, end) => {
    const person = aPerson();
    const login = await logIn(person);
    const { accessToken = '', userId = '' } = credentialsOf(login);
    const stolen = { authorization: accessToken, 'x-account-userid': userId };
    const native = await app.signIn(demo, person);
    expect((await app.http.get('/ms/teams/v1/teams').set(stolen)).status).toBe(200);
    await end({ userId }, native);
    await app.catchUp();

    for (const { method, path } of await operationsWith('/openapi/metapro.json', 'metaproToken'))
      expectRefused(await app.http[method](path).set(stolen), 401, 'metapro.token_invalid');
  });

  it('is extended by each route that takes it, open ones too', async () => {
    for (const path of ['/ms/teams/v1/teams', '/ms/teams/v1/apps', '/users-service/profiles']) {
      const { accessToken = '', userId = '' } = credentialsOf(await logIn());
      const headers = { authorization: accessToken, 'x-account-userid': userId };
      for (let call = 0; call < 3; call += 1) {
        app.clock.advance(600);
        expect({ path, status: (await app.http.get(path).set(headers)).status }).toEqual({
          path,
          status: 200,
        });
      }
    }
  });

  it('ends when the operator switches the project off', async () => {
    const project = await app.createApplication({ settings: { metapro: { enabled: true } } });
    const answer = await client.telegramLogin(loginBody(project, aPerson()));
    const who = credentialsOf(answer.body as MetaproLogin);
    await app.changeSettings(project.applicationId, { metapro: { enabled: false } });
    await app.catchUp();

    expectRefused(await client.me(who), 401, 'metapro.token_invalid');
  });

  it('opens no native route, in any spelling', async () => {
    const { accessToken = '' } = credentialsOf(await logIn());
    const native = await operationsWith('/openapi/public.json', 'accessToken');

    for (const { method, path } of native)
      for (const authorization of [accessToken, `Bearer ${accessToken}`, `DPoP ${accessToken}`]) {
        const { status } = await app.http[method](path).set({
          authorization,
          'content-type': 'application/json',
        });
        expect({ method, path, authorization: authorization.slice(0, 7), status }).toMatchObject({
          status: 401,
        });
      }
    expect((await app.check(accessToken)).status).toBe(401);
  });

  it('is not replaced by a native token', async () => {
    const person = aPerson();
    await logIn(person);
    const { accessToken, refreshToken, userId } = await app.signIn(demo, person);
    const here = await operationsWith('/openapi/metapro.json', 'metaproToken');

    const wrong = [accessToken, refreshToken, `Bearer ${accessToken}`, `DPoP ${accessToken}`, 'mp_x_y'];
    expect(here.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/ms/teams/v1/teams', '/ms/teams/v1/apps']),
    );
    const boards = here.filter(({ path, isOpen }) => isOpen && path.startsWith('/ms/leaderboard/'));
    expect(boards.length).toBeGreaterThan(5);
    for (const { method, path, isOpen } of here)
      for (const authorization of isOpen ? wrong : [...wrong, '']) {
        const answer = await app.http[method](path).set({ authorization, 'x-account-userid': userId });
        expect({ method, path, status: answer.status }).toMatchObject({ status: 401 });
        expectRefused(answer, 401, 'metapro.token_invalid');
      }
  });

  it('sends no scores, and no token or key of a page does', async () => {
    const person = aPerson();
    const { accessToken: own = '' } = credentialsOf(await logIn(person));
    const { accessToken, userId } = await app.signIn(demo, person);
    const routes = await operationsWith('/openapi/metapro.json', 'clientSecret');

    for (const { method, path } of routes)
      for (const authorization of [own, accessToken, `Bearer ${accessToken}`, `Basic ${own}`, '']) {
        const headers = { authorization, 'x-account-userid': userId };
        const answer = await app.http[method](path).set(headers).send({});
        expectRefused(answer, 401, 'client.unauthenticated');
        expect(answer.body).toMatchObject({ message: 'Unouthorized access!' });
        const ofPage = await app.http[method](path)
          .set({ ...headers, leaderboardApiKey: 'of-the-page' })
          .send({});
        // Only the score routes look at the key of a page, and this page names no leaderboard.
        const isScore = path.includes('/score-') && !authorization.startsWith('Basic ');
        expectRefused(ofPage, isScore ? 404 : 401, isScore ? 'board.not_found' : 'client.unauthenticated');
      }
  });

  it('is not what init data opens that a native door has taken, nor the reverse', async () => {
    const person = aPerson();
    const proof = app.initDataOf(demo, person);
    await app.postSignIn({ applicationId: demo.applicationId, initData: proof }).expect(200);
    const body = loginBody(demo, person, { telegramSimpleString: proof });
    expectRefused(await client.telegramLogin(body), 401, 'auth.proof_used');

    const other = loginBody(demo, person) as { readonly telegramSimpleString: string };
    expect((await client.telegramLogin(other)).status).toBe(200);
    const initData = other.telegramSimpleString;
    const native = await app.postSignIn({ applicationId: demo.applicationId, initData });
    expectRefused(native, 401, 'auth.proof_used');
    // A page that loads again has its session.
    expect((await client.telegramLogin(other)).status).toBe(200);
  });
});

describe('a Telegram login of Metapro’s clients', () => {
  it('is not stored, and no log has it', async () => {
    const { accessToken = '' } = credentialsOf(await logIn());
    expect(app.logLines.join('\n')).not.toContain(accessToken);
  });

  it('takes the person from the signed string alone', async () => {
    const person = aPerson();
    const differing = loginBody(demo, person, { telegramSimpleData: { id: person.id + 1 } });
    expectRefused(await client.telegramLogin(differing), 400, 'metapro.person_differs');

    const without = loginBody(demo, person, { telegramSimpleData: undefined });
    const answer = await client.telegramLogin(without);
    expect(answer.body).toMatchObject({
      account: {
        externalAccounts: [{ name: 'telegram', data: { id: String(person.id) } }],
        addresses: [],
        rulesCheckbox: { checked: true },
      },
    });
  });

  it('with a device key is refused, since no token of this API is bound to one', async () => {
    const key = new Device(app);
    const path = '/users-service/v2/auth/telegram/login/simple';
    const dpop = await key.prove('POST', path);
    const body = loginBody(demo, aPerson());

    expectRefused(await client.telegramLogin(body).set('dpop', dpop), 400, 'metapro.device_key_refused');
    expect((await client.telegramLogin(body)).status).toBe(200);
  });

  it.each(['s_', 'j_', 'o_'])('uses up no launch with a native code, as %s', async (prefix) => {
    const startParam = prefix + 'A'.repeat(24);
    const telegramSimpleString = app.initDataOf(demo, aPerson(), { startParam });
    const body = { projectId: demo.applicationId, telegramBotName: 'test_bot', telegramSimpleString };

    expectRefused(await client.telegramLogin(body), 400, 'metapro.code_of_another_api');
    const native = { applicationId: demo.applicationId, initData: telegramSimpleString };
    expect((await app.postSignIn(native)).body).not.toMatchObject({ code: 'auth.proof_used' });
  });

  it('is refused for a project that is off, unknown, or without the bot', async () => {
    const person = aPerson();
    expectRefused(await client.telegramLogin(loginBody(off, person)), 404, 'metapro.project_not_found');
    const unknown = { projectId: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11' };
    expectRefused(
      await client.telegramLogin(loginBody(demo, person, unknown)),
      404,
      'metapro.project_not_found',
    );
    const bot = { telegramBotName: 'other_bot' };
    expectRefused(await client.telegramLogin(loginBody(demo, person, bot)), 404, 'metapro.bot_not_found');
  });

  it('answers errors in the form that the clients read', async () => {
    const answer = await client.telegramLogin({ telegramBotName: 'test_bot' });

    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.body).toEqual({
      message: 'Incorrect data requested',
      messages: expect.arrayContaining(['Incorrect data requested']) as string[],
      code: 'request.invalid',
      requestId: expect.any(String) as string,
    });
    const { body } = await client.me({});
    expect(body).toMatchObject({ message: 'Unouthorized access!' });
  });
});

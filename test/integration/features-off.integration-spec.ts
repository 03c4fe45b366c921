import * as client from 'openid-client';
import { PrincipalSessions } from '@countersign/admin';
import { AcceptedBots } from '@countersign/applications';
import { features, FeaturesInUse, type FeatureName } from '../../apps/api/src/features';
import { aBotToken, aPerson, type SignInBody } from '../factories';
import { aConsoleSession, CONSOLE_URL } from '../support/console';
import { expectProblem } from '../support/expect-problem';
import { aConfidentialApplication, introspect, ISSUER } from '../support/oauth';
import { credentialsOf, expectRefused, MetaproClient } from '../support/metapro-client';
import { createClient, relyingParty, signedIn } from '../support/openid';
import { anOperator } from '../support/operator';
import { postTo } from '../support/proofs';
import { Countersign } from '../support/run-countersign';
import { TestApp } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

/** A process remembers a session for fifteen seconds. */
const REMEMBERED_SECONDS = 20;

const app = useTestApp({ environment: { CONSOLE_URL, PUBLIC_URL: ISSUER } });
const demo = useFixture(() => aConfidentialApplication(app, { settings: { metapro: { enabled: true } } }));

/** As in a process that has loaded all other features. */
async function without(feature: FeatureName, work: () => Promise<void>): Promise<void> {
  await FeaturesInUse.load(features.map(({ name }) => name).filter((name) => name !== feature));
  app.clock.advance(REMEMBERED_SECONDS);
  try {
    await work();
  } finally {
    await FeaturesInUse.load(['all']);
    app.clock.advance(REMEMBERED_SECONDS);
  }
}

describe('a session whose login method is switched off', () => {
  const PLACE = { provider: 'telegram', environment: 'production' } as const;

  async function byAllowedBot() {
    const botToken = aBotToken();
    const [botId = ''] = botToken.split(':', 1);
    const { applicationId } = demo;
    await app.nest.get(AcceptedBots).allow(applicationId, { ...PLACE, botId });
    const initData = app.initDataOf({ applicationId, botId, botToken }, aPerson());
    const answer = await postTo(app, 'telegram/third-party-init-data', { applicationId, botId, initData });
    expect(answer.status).toBe(200);
    return { ...(answer.body as SignInBody), initData };
  }

  async function stored({ sessionId }: SignInBody): Promise<unknown> {
    return app.database.query('SELECT * FROM sessions WHERE id = $1', [sessionId]);
  }

  it('is refused everywhere, has not ended, and works again with the same tokens', async () => {
    const session = await byAllowedBot();
    const before = await stored(session);

    await without('third-party-bots', async () => {
      for (const answer of [
        await app.getMe(session.accessToken),
        await app.check(session.accessToken),
        await app.refresh(session.refreshToken),
      ])
        expectProblem(answer, 401, 'session.method_off');
      for (const token of [session.accessToken, session.refreshToken])
        expect((await introspect(app, demo, token)).body).toEqual({ active: false });
    });

    expect(await stored(session)).toEqual(before);
    expect((await app.getMe(session.accessToken)).status).toBe(200);
    const refreshed = await app.refresh(session.refreshToken);
    expect(refreshed.body).toMatchObject({ sessionId: session.sessionId });
  });

  it('is not ended by a refresh token that was used before', async () => {
    const session = await byAllowedBot();
    const { body } = await app.refresh(session.refreshToken);
    const { refreshToken, accessToken } = body as SignInBody;
    expect((await app.getMe(accessToken)).status).toBe(200);

    await without('third-party-bots', async () => {
      expectProblem(await app.refresh(session.refreshToken), 401, 'session.method_off');
    });

    expect((await app.refresh(refreshToken)).status).toBe(200);
  });

  it('is opened by no init data of an allowed bot, also not with each request', async () => {
    await app.changeSettings(demo.applicationId, { perRequestInitData: { accept: true } });
    const { initData } = await byAllowedBot();
    const getMe = () =>
      app.http
        .get('/v1/me')
        .set({ authorization: `tma ${initData}`, 'x-countersign-application': demo.applicationId });
    expect((await getMe()).status).toBe(200);

    app.clock.advance(60);
    await without('third-party-bots', async () => {
      expect((await getMe()).status).toBe(401);
    });

    expect((await getMe()).status).toBe(200);
  });

  it('is named by the list of operators, and ended by their commands', async () => {
    const [one, another] = [await byAllowedBot(), await byAllowedBot()];
    const countersign = new Countersign(app);

    await without('third-party-bots', async () => {
      const listed = await countersign.json(`session show ${one.sessionId}`);
      expect(listed).toMatchObject({ door: null, state: 'live' });
      await countersign.json(`session end ${one.sessionId}`);
      await countersign.json(`user end-sessions ${another.userId}`);
    });

    for (const { accessToken } of [one, another])
      expectProblem(await app.getMe(accessToken), 401, 'session.ended');
  });

  it('gives an OpenID client nothing, and keeps its grant', async () => {
    const party = await relyingParty(app, await createClient(app, demo));
    const { tokens } = await signedIn(app, demo, party, aPerson());
    const refresh = (token = '') => client.refreshTokenGrant(party, token);
    // The login page takes no init data of an allowed bot, and these login methods are always in use.
    await app.database.query("UPDATE sessions SET door = 'telegram-third-party-init-data'");

    await without('third-party-bots', async () => {
      await expect(refresh(tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
      await expect(
        client.fetchUserInfo(party, tokens.access_token, tokens.claims()?.sub ?? ''),
      ).rejects.toThrow();
      expect((await client.tokenIntrospection(party, tokens.access_token)).active).toBe(false);
    });

    expect((await client.tokenIntrospection(party, tokens.access_token)).active).toBe(true);
    expect((await refresh(tokens.refresh_token)).access_token).toEqual(expect.any(String));
  });

  it('gives a client of a partner’s API nothing, and keeps its token', async () => {
    const metapro = new MetaproClient(app);
    const login = credentialsOf(await metapro.logIn(demo));

    await without('metapro', async () => {
      expectRefused(await metapro.me(login), 401, 'metapro.token_invalid');
    });

    expect((await metapro.me(login)).status).toBe(200);
  });
});

describe('the administration API while the console is switched off', () => {
  const beside = features.map(({ name }) => name).filter((name) => name !== 'console');
  const bare = useFixture(
    () =>
      TestApp.start({
        ...{ database: app.database, keys: app.keys, clock: app.clock, telegram: app.telegram },
        environment: { CONSOLE_URL, PUBLIC_URL: ISSUER, COUNTERSIGN_USE: beside.join() },
      }),
    { close: (replica) => replica.close() },
  );

  it('is opened by no cookie of the console, which opens it again later', async () => {
    const { principalId, clientSecret } = await anOperator(app);
    const session = await aConsoleSession(app, principalId, clientSecret);
    const call = (replica: TestApp) =>
      replica.admin
        .get('/v1/admin/users')
        .set({ 'sec-fetch-site': 'same-origin', origin: CONSOLE_URL, cookie: session.cookie });

    expectProblem(await call(bare), 401, 'principal.unauthenticated');
    expect((await call(app)).status).toBe(200);
  });

  it('is opened by no login of a person of the provider, and by secrets as before', async () => {
    const { accessToken } = await app.nest
      .get(PrincipalSessions)
      .issueOfProvider(
        { issuer: ISSUER, subject: 'carol', name: 'carol', scopes: ['users:read'] },
        'header.payload',
        new Date(app.clock.now().getTime() + 300_000),
      );
    const call = (replica: TestApp, token: string) =>
      replica.admin.get('/v1/admin/users').set('authorization', `Bearer ${token}`);

    expectProblem(await call(bare, accessToken), 401, 'principal.unauthenticated');
    expect((await call(app, accessToken)).status).toBe(200);
    expect((await call(bare, (await anOperator(app)).accessToken)).status).toBe(200);
  });
});

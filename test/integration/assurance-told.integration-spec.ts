import { decodeJwt } from 'jose';
import type { Response } from 'supertest';
import { AcceptedBots } from '@countersign/applications';
import { aPerson, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { aLenientGame, signInByHash } from '../support/lenient-game';
import { aConfidentialApplication, introspect, ISSUER } from '../support/oauth';
import { aCaller, anOidcApplication, signInByOidc, useOidc } from '../support/oidc';
import { signInPerson } from '../support/person-session';
import { openWeb3InitDataOf, postTo, proofsOf } from '../support/proofs';
import { aRapidpaceApplication, aRecord, enter, queryOf } from '../support/rapidpace';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication, useOpenWeb3Bot, useReplica, useTestApp } from '../support/use-test-app';

describe('what services are told of a proof', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const demo = useFixture(() => aConfidentialApplication(app, { settings: { scopes: ['chat'] } }));
  const replica = useReplica(app);

  const secondsNow = () => Math.floor(app.clock.now().getTime() / 1_000);
  const claimsIn = ({ headers }: Response) => decodeJwt(headers['x-identity-token'] ?? '');
  const claimsOf = async ({ accessToken }: Pick<SignInBody, 'accessToken'>, by = app) =>
    claimsIn(await by.check(accessToken));

  describe('its assurance', () => {
    const game = useFixture(() => aLenientGame(app));

    it.each([
      ['vendor', 200, 200],
      ['bot-token', 200, 200],
      ['platform', 403, 200],
    ])('%s can be asked for at the check', async (asked, weak, strong) => {
      const answers = [
        await app.check((await signInByHash(app, game)).accessToken, `?assurance=${asked}`),
        await app.check((await app.signIn(demo)).accessToken, `?assurance=${asked}`),
      ];

      expect(answers.map(({ status }) => status)).toEqual([weak, strong]);
      for (const answer of answers)
        if (answer.status === 403) {
          expectProblem(answer, 403, 'gateway.assurance_too_low');
          expect(answer.headers).not.toHaveProperty('x-assurance');
        }
    });

    it.each([
      ['first-party', 'allowed-bot', 403],
      ['third-party', 'platform', 200],
    ] as const)('of an allowed bot in a %s application is %s', async (trust, shown, asked) => {
      const host = await aConfidentialApplication(app, {
        trust,
        settings: { scopes: ['chat', 'pay'] },
      });
      const { applicationId } = host;
      const accepted = { provider: 'telegram', environment: 'production', botId: demo.botId } as const;
      await app.nest.get(AcceptedBots).allow(applicationId, accepted);
      const proof = proofsOf['telegram/third-party-init-data'](app, demo, aPerson());
      const signedIn = await postTo(app, 'telegram/third-party-init-data', { applicationId, ...proof });
      const { accessToken } = signedIn.body as SignInBody;

      const answer = await app.check(accessToken);

      expect(answer.headers['x-assurance']).toBe(shown);
      const scope = 'chat pay';
      expect(claimsIn(answer)).toMatchObject({ acr: shown, scope });
      expect((await introspect(app, host, accessToken)).body).toMatchObject({
        acr: shown,
        assurance: shown,
        scope,
      });
      for (const assurance of ['vendor', 'bot-token', 'platform'])
        expect((await app.check(accessToken, `?assurance=${assurance}`)).status).toBe(asked);
    });

    it('can be asked for behind the path of a client, by the gateway alone', async () => {
      const { accessToken } = await signInByHash(app, game);
      const ask = (asked: string) =>
        app.gateway
          .get(`/v1/gateway/external-auth/assurance=${asked}`)
          .set('authorization', `Bearer ${accessToken}`);

      expectProblem(await ask('platform/orders?assurance=vendor'), 403, 'gateway.assurance_too_low');
      expect((await ask('bot-token/orders?assurance=platform')).status).toBe(200);
      expectProblem(await ask('strong/orders'), 400, 'gateway.question_invalid');
    });
  });

  describe('the door', () => {
    const shop = useApplication(app, {
      settings: { identityToken: { inAnswers: true }, loginWidget: { accept: true } },
    });
    const im = useOpenWeb3Bot(app, shop);

    it.each([
      ['telegram/init-data', 'telegram-init-data'],
      ['telegram/login-widget', 'telegram-login-widget'],
    ] as const)('%s is called %s, at once and from the row', async (path, word) => {
      const { applicationId } = shop;
      const { body } = await postTo(app, path, { applicationId, ...proofsOf[path](app, shop, aPerson()) });
      const session = body as SignInBody & { identityToken: string };

      const told = { amr: [word], auth_time: secondsNow() };
      expect(decodeJwt(session.identityToken)).toMatchObject(told);
      expect(await claimsOf(session)).toMatchObject(told);
      expect(await claimsOf(session, replica)).toMatchObject(told);
    });

    it('is told of OpenWeb3, of a bot that is merely allowed, and of Rapidpace too', async () => {
      const initData = openWeb3InitDataOf(app, im, aPerson());
      const { applicationId, botId } = im;
      const openWeb3 = await postTo(app, 'openweb3/init-data', { applicationId, botId, initData });
      expect(await claimsOf(openWeb3.body as SignInBody)).toMatchObject({ amr: ['openweb3-init-data'] });

      const { botId: other } = demo;
      const place = { provider: 'telegram', environment: 'production' } as const;
      await app.nest.get(AcceptedBots).allow(shop.applicationId, { ...place, botId: other });
      const proof = proofsOf['telegram/third-party-init-data'](app, demo, aPerson());
      const allowed = await postTo(app, 'telegram/third-party-init-data', { applicationId, ...proof });
      expect(await claimsOf(allowed.body as SignInBody)).toMatchObject({
        amr: ['telegram-third-party-init-data'],
      });

      const game = await aRapidpaceApplication(app);
      const link = await enter(app, game.applicationId, queryOf(aRecord(app), game.secret));
      expect(await claimsOf(link)).toMatchObject({ acr: 'vendor', amr: ['rapidpace-link'] });
    });
  });

  describe('when it was verified', () => {
    it('is told of the sign-in, however old the session', async () => {
      const session = await app.signIn(demo);
      const signedInAt = secondsNow();
      app.clock.advance(1_700);
      const { accessToken } = (await app.refresh(session.refreshToken)).body as SignInBody;

      expect(await claimsOf({ accessToken })).toMatchObject({ auth_time: signedInAt });
    });

    it('is told of a step-up at once, here and by other replicas, in no token from before', async () => {
      const session = await signInPerson(app, demo);
      const signedInAt = secondsNow();
      for (const by of [app, replica])
        expect(await claimsOf(session, by)).toMatchObject({ auth_time: signedInAt });
      app.clock.advance(7);

      expect((await session.stepUp()).status).toBe(200);

      expect(await claimsOf(session)).toMatchObject({ auth_time: signedInAt + 7 });
      await until(async () => (await claimsOf(session, replica))['auth_time'] === signedInAt + 7);
      expect(await claimsOf(session)).toMatchObject({ acr: 'platform', amr: ['telegram-init-data'] });
    });

    it('is told of a re-entry, but not of a repeated answer', async () => {
      const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };
      const first = (await app.postSignIn(body)).body as SignInBody;
      const signedInAt = secondsNow();
      app.clock.advance(5);
      expect(await claimsOf((await app.postSignIn(body)).body as SignInBody)).toMatchObject({
        auth_time: signedInAt,
      });
      app.clock.advance(20);
      const renewed = (await app.postSignIn(body)).body as SignInBody;

      expect(renewed.sessionId).toBe(first.sessionId);
      expect(await claimsOf(renewed)).toMatchObject({ auth_time: signedInAt + 25 });
    });
  });

  describe('when an application loses a scope', () => {
    it('no session has it any more: at the check, introspection and refresh, on every replica', async () => {
      const settings = { scopes: ['read', 'refund'], identityToken: { inAnswers: true } };
      const shop = await aConfidentialApplication(app, { settings });
      const { accessToken, refreshToken } = await app.signIn(shop);
      const statusAt = async (by: typeof app) => (await by.check(accessToken, '?scope=refund')).status;
      expect([await statusAt(app), await statusAt(replica)]).toEqual([200, 200]);

      await app.changeSettings(shop.applicationId, { scopes: ['read'] });

      expect(await statusAt(app)).toBe(403);
      await until(async () => (await statusAt(replica)) === 403);
      expect(await claimsOf({ accessToken }, replica)).toMatchObject({ scope: 'read' });
      expect((await introspect(app, shop, accessToken)).body).toMatchObject({ scope: 'read' });
      const refreshed = (await app.refresh(refreshToken)).body as { identityToken: string };
      expect(decodeJwt(refreshed.identityToken)).toMatchObject({ scope: 'read' });
    });
  });
});

describe('a login at Telegram', () => {
  const { app, oidc } = useOidc();

  it('is told of as such', async () => {
    const demo = await anOidcApplication(app, oidc);
    oidc.nextPerson = aCaller();
    const { accessToken } = await signInByOidc(app, demo);
    const { headers } = await app.check(accessToken);

    expect(decodeJwt(headers['x-identity-token'] ?? '')).toMatchObject({
      acr: 'platform',
      amr: ['telegram-oidc'],
    });
  });
});

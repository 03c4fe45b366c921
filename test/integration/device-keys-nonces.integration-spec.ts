import * as oauth from 'oauth4webapi';
import { generateKeyRing } from '@countersign/crypto';
import type { SignInBody } from '../factories';
import { Device, expectChallenge, INIT_DATA_DOOR, nonceOf } from '../support/device-key';
import { fetchFrom, ISSUER } from '../support/oauth';
import { TestApp } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';

const HOUR = 3_600;
const NONCE_SECONDS = 120;

const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
const demo = useApplication(app);

/** What the service answers to any proof, good or not. */
async function aNonce(at = app): Promise<string> {
  return nonceOf(await at.http.get('/health/live').set('dpop', 'x'));
}

function hoursFromNow(hours: number): Date {
  return new Date(app.clock.now().getTime() + hours * HOUR * 1_000);
}

describe('the nonce for the next proof', () => {
  const json = { 'content-type': 'application/json' };

  it.each([
    [200, 'an answer', () => app.http.get('/health/live')],
    [401, 'a refusal', () => app.http.get('/v1/me')],
    [404, 'a route of the other listener', () => app.http.get('/metrics')],
    [400, 'an address that is malformed', () => app.http.get('/%zz')],
    [404, 'a route that is not', () => app.http.get('/v1/nothing')],
    [405, 'another method than the route has', () => app.http.put('/v1/me')],
    [400, 'a body that is no JSON', () => app.http.post(INIT_DATA_DOOR).set(json).send('{')],
    [
      413,
      'a body that is too large',
      () =>
        app.http
          .post(INIT_DATA_DOOR)
          .set(json)
          .send(`"${'x'.repeat(200_000)}"`),
    ],
    [
      415,
      'a body of another kind',
      () => app.http.post(INIT_DATA_DOOR).set('content-type', 'text/csv').send('x'),
    ],
    [400, 'a question of the gateway that is not known', () => app.gateway.get('/v1/gateway/authorize?x=y')],
    [401, 'a refusal at the gateway', () => app.gateway.get('/v1/gateway/authorize')],
  ])('comes with %i, %s', async (status, _, ask) => {
    const [shown, bare] = [await ask().set('dpop', 'x'), await ask()];

    expect([shown.status, bare.status]).toEqual([status, status]);
    expect(nonceOf(shown)).toMatch(/^cs_dn_\w+_[\w-]+$/);
    expect(bare.headers).not.toHaveProperty('dpop-nonce');
  });

  it('can be read by the pages of an allowed origin', async () => {
    const origin = 'https://game.example';
    const demo = await app.createApplication({ origins: [origin] });
    const device = new Device(app);
    const session = await device.signIn(demo);
    const { accessToken } = session;
    const dpop = await device.prove('GET', '/v1/me', { accessToken });

    const answer = await app.http.get('/v1/me').set({ origin, authorization: `DPoP ${accessToken}`, dpop });

    expect(answer.status).toBe(200);
    const exposed = (answer.headers['access-control-expose-headers'] ?? '').split(/, */);
    expect(exposed).toEqual(expect.arrayContaining(['dpop-nonce', 'www-authenticate']));
  });

  it.each([-24, 24])('makes a proof good whose clock is %i h off', async (hours) => {
    const device = new Device(app);
    const wrong = { at: hoursFromNow(hours) };
    const { applicationId } = demo;
    const body = { applicationId, initData: app.initDataOf(demo) };

    const refused = await device.enter(INIT_DATA_DOOR, body, wrong);
    const code = hours < 0 ? 'dpop.too_old' : 'dpop.in_future';
    expectChallenge(refused, code, 'use_dpop_nonce');
    const entered = await device.enter(INIT_DATA_DOOR, body, { ...wrong, nonce: nonceOf(refused) });
    expect(entered.body).toMatchObject({ tokenType: 'DPoP' });
    const session = entered.body as SignInBody;

    const nonce = nonceOf(entered);
    expect((await device.getMe(session, { ...wrong, nonce })).status).toBe(200);
    expect((await device.check(session, { ...wrong, nonce })).status).toBe(200);
    expect((await device.refresh(session, { ...wrong, nonce })).status).toBe(200);
  });

  it('is good for 120 s, for as many proofs as the device makes', async () => {
    const device = new Device(app);
    const session = await device.signIn(demo, undefined, { nonce: await aNonce() });
    const nonce = await aNonce();
    app.clock.advance(NONCE_SECONDS - 1);

    expect((await device.getMe(session, { nonce })).status).toBe(200);
    expect((await device.getMe(session, { nonce })).status).toBe(200);
    app.clock.advance(1);
    expectChallenge(await device.getMe(session, { nonce }), 'dpop.nonce_stale', 'use_dpop_nonce');
  });

  it('lets no proof pass twice while it is good', async () => {
    const device = new Device(app);
    const session = await device.signIn(demo);
    const { accessToken } = session;
    const nonce = await aNonce();
    const dpop = await device.prove('GET', '/v1/me', { accessToken, nonce, at: hoursFromNow(-1) });
    const ask = () => app.http.get('/v1/me').set({ authorization: `DPoP ${accessToken}`, dpop });
    expect((await ask()).status).toBe(200);

    app.clock.advance(NONCE_SECONDS - 1);
    expectChallenge(await ask(), 'dpop.proof_repeated');
    app.clock.advance(1);
    expectChallenge(await ask(), 'dpop.nonce_stale', 'use_dpop_nonce');
  });

  it('may come from another replica, which is no second life for it', async () => {
    const device = new Device(app);
    const session = await device.signIn(demo, undefined, { nonce: await aNonce() });

    await app.withReplica(async (replica) => {
      const nonce = await aNonce(replica);
      expect((await device.getMe(session, { nonce })).status).toBe(200);
      const elsewhere = await device.at(replica).getMe(session, { nonce: await aNonce() });
      expect(elsewhere.status).toBe(200);
      app.clock.advance(NONCE_SECONDS);
      const late = await device.at(replica).getMe(session, { nonce });
      expectChallenge(late, 'dpop.nonce_stale', 'use_dpop_nonce');
    });
  });

  it('is none when a service with other keys has made it, or when it was changed', async () => {
    const device = new Device(app);
    const session = await device.signIn(demo);
    const { database, clock } = app;
    const foreign = await TestApp.start({ clock, keys: JSON.stringify(generateKeyRing()) });
    try {
      expect(foreign.database).not.toBe(database);
      const own = await aNonce();
      const changed = own.replace(/.(?=.{8}$)/, (letter) => (letter === 'A' ? 'B' : 'A'));
      for (const nonce of [await aNonce(foreign), changed, ''])
        expectChallenge(await device.getMe(session, { nonce }), 'dpop.nonce_stale', 'use_dpop_nonce');
    } finally {
      await foreign.close();
    }
  });

  it('is no token', async () => {
    const nonce = await aNonce();

    for (const scheme of ['Bearer', 'DPoP'])
      expect(
        (await app.http.get('/v1/me').set({ authorization: `${scheme} ${nonce}`, dpop: 'x' })).body,
      ).toMatchObject({ code: 'session.token_invalid' });
  });
});

describe('a standard client with DPoP', () => {
  it.each([
    ['has the time', 0],
    ['lives an hour ago', -HOUR],
    ['lives an hour ahead', HOUR],
  ])('that %s is led to the nonce, and signs in, uses and refreshes with it', async (_, skew) => {
    const keys = await oauth.generateKeyPair('ES256');
    const handle = oauth.DPoP({ [oauth.clockSkew]: skew }, keys);
    const options = { DPoP: handle, [oauth.customFetch]: fetchFrom(app) };
    const ask = (token: string, method: string, path: string, body?: object) =>
      oauth.protectedResourceRequest(
        token,
        method,
        new URL(`${ISSUER}${path}`),
        new Headers({ 'content-type': 'application/json' }),
        body && JSON.stringify(body),
        options,
      );
    const { applicationId } = demo;
    const signIn = { applicationId, initData: app.initDataOf(demo) };

    const failure = await ask('none', 'POST', INIT_DATA_DOOR, signIn).catch((error: unknown) => error);
    expect(oauth.isDPoPNonceError(failure)).toBe(true);
    const entered = await ask('none', 'POST', INIT_DATA_DOOR, signIn);
    const session = (await entered.json()) as SignInBody;
    expect(session).toMatchObject({ tokenType: 'DPoP' });

    const me = await ask(session.accessToken, 'GET', '/v1/me');
    expect(await me.json()).toMatchObject({ userId: session.userId });
    const { refreshToken } = session;
    const refreshed = await ask('none', 'POST', '/v1/auth/refresh', { refreshToken });
    const next = (await refreshed.json()) as SignInBody;
    expect(next).toMatchObject({ tokenType: 'DPoP', sessionId: session.sessionId });
    app.clock.advance(NONCE_SECONDS);
    const stale = await ask(next.accessToken, 'GET', '/v1/me').catch((error: unknown) => error);
    expect(oauth.isDPoPNonceError(stale)).toBe(true);
    expect((await ask(next.accessToken, 'GET', '/v1/me')).status).toBe(200);
  });
});

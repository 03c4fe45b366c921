import type { SignInBody } from '../factories';
import { Device, doorNames, expectChallenge, INIT_DATA_DOOR, useOpenHouse } from '../support/device-key';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { ISSUER } from '../support/oauth';
import type { Demo } from '../support/test-app';
import { useTestApp } from '../support/use-test-app';

describe('an application that asks for a device key', () => {
  const perRequestInitData = { accept: true };

  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const { demo: strict, doors } = useOpenHouse(app, { deviceKey: { required: true }, perRequestInitData });

  function getMeByInitData({ applicationId }: Demo, initData: string) {
    return app.http
      .get('/v1/me')
      .set({ authorization: `tma ${initData}`, 'x-countersign-application': applicationId });
  }

  it.each(doorNames)('opens %s to nobody without one, and uses up nothing', async (door) => {
    const { path, body } = await doors[door]();
    const before = await inventoryOf(app);

    expectChallenge(await app.http.post(path).send(body), 'dpop.proof_missing');

    expect(await inventoryOf(app)).toEqual(before);
    expect((await new Device(app).enter(path, body)).body).toMatchObject({ tokenType: 'DPoP' });
  });

  it.each(doorNames)('opens %s to no proof that is not good, and uses up nothing', async (door) => {
    const { path, body } = await doors[door]();
    const before = await inventoryOf(app);

    expectChallenge(await app.http.post(path).set('dpop', '').send(body), 'dpop.malformed');
    expectChallenge(
      await new Device(app).enter(path, body, { claims: { htm: 'GET' } }),
      'dpop.method_mismatch',
    );
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('takes no init data per request, with a proof beside it either', async () => {
    const initData = app.initDataOf(strict);
    const before = await inventoryOf(app);
    const dpop = await new Device(app).prove('GET', '/v1/me', { accessToken: initData });

    expectProblem(await getMeByInitData(strict, initData), 403, 'auth.per_request_refused');
    expectProblem(await getMeByInitData(strict, initData).set('dpop', dpop), 403, 'auth.per_request_refused');
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('says what is wrong with the proof of identity first', async () => {
    const { applicationId } = strict;
    const initData = `${app.initDataOf(strict)}0`;

    expectProblem(await app.postSignIn({ applicationId, initData }), 401, 'init_data.hash_malformed');
  });

  it('asks it at the next sign-in when it begins to: sessions that it has go on, and can be bound', async () => {
    const demo = await app.createApplication();
    const { applicationId } = demo;
    const proof = { applicationId, initData: app.initDataOf(demo) };
    const session = (await app.postSignIn(proof)).body as SignInBody;
    await app.changeSettings(applicationId, { deviceKey: { required: true } });

    expect((await app.getMe(session.accessToken)).status).toBe(200);
    expectChallenge(await app.postSignIn(proof), 'dpop.proof_missing');
    const device = new Device(app);
    const bound = await device.enter(INIT_DATA_DOOR, proof);
    expect(bound.body).toMatchObject({ tokenType: 'DPoP', sessionId: session.sessionId });
    expectProblem(await app.getMe(session.accessToken), 401, 'session.token_invalid');
  });
});

import { DeviceKey } from '@countersign/dpop/testing';
import { Device, expectChallenge, nonceOf } from '../support/device-key';
import { ISSUER } from '../support/oauth';
import { TestApp, type Demo } from '../support/test-app';

const DAY = 86_400;
const NONCE_SECONDS = 120;

let app: TestApp;
let demo: Demo;

beforeAll(async () => {
  app = await TestApp.start({ environment: { PUBLIC_URL: ISSUER } });
  demo = await app.createApplication();
});

afterAll(() => app.close());

describe('a nonce of a replica whose clock is ahead', () => {
  /** Made by a clock that is so many seconds ahead. */
  async function aNonceFrom(seconds: number): Promise<string> {
    app.clock.advance(seconds);
    const answer = await app.http.get('/health/live').set('dpop', 'x');
    app.clock.advance(-seconds);
    return nonceOf(answer);
  }

  it('is good by less than five seconds', async () => {
    const device = new Device(app);
    const session = await device.signIn(demo);

    const answer = await device.getMe(session, { nonce: await aNonceFrom(4) });

    expect(answer.status).toBe(200);
  });

  it('makes no proof good twice in all the time that it is good', async () => {
    const device = new Device(app);
    const { accessToken } = await device.signIn(demo);
    const dpop = await device.prove('GET', '/v1/me', { accessToken, nonce: await aNonceFrom(4) });
    const present = async () => app.http.get('/v1/me').set({ authorization: `DPoP ${accessToken}`, dpop });

    expect((await present()).status).toBe(200);
    app.clock.advance(NONCE_SECONDS + 3);

    expectChallenge(await present(), 'dpop.proof_repeated');
  });

  it.each([5, 60, DAY])('is not good by %i s, so that none can be kept for later', async (seconds) => {
    const device = new Device(app);
    const session = await device.signIn(demo);

    const answer = await device.getMe(session, { nonce: await aNonceFrom(seconds) });

    expectChallenge(answer, 'dpop.nonce_stale', 'use_dpop_nonce');
  });
});

describe('a proof by the key of a stranger', () => {
  it('takes no room in the memory of proofs: it is another key again when it comes again', async () => {
    const session = await new Device(app).signIn(demo);
    const { accessToken } = session;
    const stranger = new Device(app, DeviceKey.generate());
    const dpop = await stranger.prove('GET', '/v1/me', { accessToken });
    const present = async () => app.http.get('/v1/me').set({ authorization: `DPoP ${accessToken}`, dpop });

    expectChallenge(await present(), 'dpop.other_key', 'invalid_token');
    expectChallenge(await present(), 'dpop.other_key', 'invalid_token');
  });
});

import { DeviceKey } from '@countersign/proofs/testing';
import { Device, expectChallenge } from '../support/device-key';
import { ISSUER } from '../support/oauth';
import { TestApp, type Demo } from '../support/test-app';

let app: TestApp;
let demo: Demo;

beforeAll(async () => {
  app = await TestApp.start({ environment: { PUBLIC_URL: ISSUER } });
  demo = await app.createApplication();
});

afterAll(() => app.close());

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

import { aPerson } from '../factories';
import { Device, INIT_DATA_DOOR } from '../support/device-key';
import { aConfidentialApplication, basicOf, INTROSPECT, ISSUER, postText } from '../support/oauth';
import { useApplication, useTestApp } from '../support/use-test-app';

const app = useTestApp({ environment: { PUBLIC_URL: ISSUER, TRUSTED_PROXIES: '127.0.0.1' } });
const demo = useApplication(app);

const evil = 'https://evil.example';

describe('a page of somebody else, in a browser behind the address', () => {
  it.each([
    ['/v1/auth/telegram/oidc/callback?state=x&code=y', '9.9.9.11'],
    ['/v1/rapidpace/:applicationId/redirect?x=y', '9.9.9.12'],
  ])('does not keep the address from signing in by loading %s as pictures', async (path, address) => {
    const from = { 'x-forwarded-for': address };
    for (let picture = 0; picture < 125; picture += 1)
      await app.http
        .get(path.replace(':applicationId', demo.applicationId))
        .set({ ...from, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' });

    const { applicationId } = demo;
    const answer = await app.http
      .post(INIT_DATA_DOOR)
      .set(from)
      .send({ applicationId, initData: app.initDataOf(demo) });
    expect(answer.status).toBe(200);
  });

  it('does not keep a server behind the address from introspecting', async () => {
    const from = { 'x-forwarded-for': '9.9.9.10' };
    for (let form = 0; form < 65; form += 1)
      await postText(app, INTROSPECT, 'token=x', { ...from, origin: evil });

    const caller = await aConfidentialApplication(app);
    const answer = await postText(app, INTROSPECT, 'token=x', { ...from, authorization: basicOf(caller) });
    expect(answer.status).toBe(200);
  });
});

describe('somebody who has the proof of a bound session and not its key', () => {
  it('does not use up the sign-ins of its owner', async () => {
    const limited = await app.createApplication({
      settings: { deviceKey: { required: true }, rateLimits: { signIn: { limit: 5, window: 600 } } },
    });
    const { applicationId } = limited;
    const [owner, thief, person] = [new Device(app), new Device(app), aPerson()];
    const initData = app.initDataOf(limited, person);
    expect((await owner.enter(INIT_DATA_DOOR, { applicationId, initData })).status).toBe(200);

    for (let attempt = 0; attempt < 5; attempt += 1)
      await thief.enter(INIT_DATA_DOOR, { applicationId, initData });

    const answer = await owner.enter(INIT_DATA_DOOR, {
      applicationId,
      initData: app.initDataOf(limited, person),
    });
    expect(answer.status).toBe(200);
  });
});

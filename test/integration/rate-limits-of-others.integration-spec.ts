import { INIT_DATA_DOOR } from '../support/device-key';
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

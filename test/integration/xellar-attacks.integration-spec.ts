import type request from 'supertest';
import { times } from '../factories';
import { environmentOf, useCustody } from '../support/embedded-wallets';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { aXellarApplication, expectXellarError, XellarClient } from '../support/xellar-client';

const PAGE = 'https://game.example';
const ACTS = ['sign-message', 'sign-typed-data', 'sign-transaction', 'send'];
/** What a client can read of how the service is built. */
const LEAKS = /node_modules|\/libs\/|\.ts:|SELECT |INSERT |postgres|TypeError|undefined|\[object/i;

const custody = useCustody();
const app = useTestApp(() => ({
  environment: { ...environmentOf(custody).environment, TRUSTED_PROXIES: '127.0.0.1' },
}));
const demo = useFixture(() =>
  aXellarApplication(app, { embeddedWallets: { acts: ACTS } }, { origins: [PAGE] }),
);
const client = () => new XellarClient(app, demo);

function expectRefusal(answer: request.Response, what: unknown): void {
  const { status, body, text } = answer;
  const { message } = body as { readonly message?: unknown };
  expect({ what, text, isRefusal: status >= 400 && status < 500 }).toMatchObject({ what, isRefusal: true });
  expect({ what, type: typeof message }).toEqual({ what, type: 'string' });
  expect({ what, leaks: LEAKS.exec(text)?.[0] ?? null }).toEqual({ what, leaks: null });
}

it('names no network by a text of markup, which no answer has', async () => {
  const network = '<script>alert(1)</script>';
  const { walletToken } = await client().withWallet();
  const answer = await client().post('wallet/sign-message', { network, message: 'Hello' }, walletToken);
  expectRefusal(answer, network);
  expect(answer.text).not.toContain('<script>');
});

describe('the application of a call', () => {
  it('is one: repeated headers are none', async () => {
    const { accessToken } = await client().loggedIn();
    const other = await aXellarApplication(app, {}, { origins: [PAGE] });
    for (const headers of [
      { 'x-app-id': `${demo.applicationId}, ${other.applicationId}`, origin: PAGE },
      { 'x-app-id': other.applicationId, origin: PAGE },
      { 'x-client-secret': other.clientSecret },
      { 'x-client-secret': other.clientSecret, 'x-app-id': demo.applicationId },
      { 'x-client-secret': '', 'x-app-id': '' },
      { 'x-client-secret': accessToken ?? '' },
      { 'x-app-id': demo.applicationId, origin: 'null' },
      { 'x-app-id': demo.applicationId, origin: `${PAGE}.evil.example` },
      { 'x-app-id': '__proto__', origin: PAGE },
    ]) {
      const answer = await client().post('account/create', {}, accessToken, headers);
      expect({ headers, status: [401, 403].includes(answer.status) }).toEqual({ headers, status: true });
      expectRefusal(answer, headers);
    }
    expect((await client().post('account/create', {}, accessToken, client().byPage(PAGE))).status).toBe(200);
  });

  it('may call by `x-app-id` alone 300 times a minute from an address, and others go on', async () => {
    const from = (address: string) => ({ ...client().byPage(PAGE), 'x-forwarded-for': address });
    const config = (headers: Record<string, string>) => app.http.get('/api/v1/apps/config').set(headers);
    const answers = await Promise.all(times(305, () => config(from('9.9.9.20'))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(300);
    expectXellarError(await config(from('9.9.9.20')), 429, 'request.rate_limited');
    expect((await config(from('9.9.9.21'))).status).toBe(200);
    // A server behind the same address names its secret.
    expect((await config({ ...client().byServer, 'x-forwarded-for': '9.9.9.20' })).status).toBe(200);
  });

  it('is guessed by 120 wrong secrets a minute from an address at most', async () => {
    const guess = (secret: string) =>
      client().post('wallet/refresh', { refreshToken: 'x' }, undefined, {
        ...{ 'x-client-secret': secret, 'x-forwarded-for': '9.9.9.22' },
      });
    const answers = await Promise.all(times(125, (index) => guess(`cs_${index}`)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(5);
    expectXellarError(await guess(demo.clientSecret), 429, 'request.rate_limited');
  });

  it('is not kept out by pictures of another page that load links to files', async () => {
    const from = { 'x-forwarded-for': '9.9.9.23' };
    await Promise.all(times(130, () => app.http.get('/api/v2/account/secret0/xf_x_y').set(from)));
    const { accessToken } = await client().loggedIn();
    const headers = { ...client().byServer, ...from };
    expect((await client().post('account/create', {}, accessToken, headers)).status).toBe(200);
  });
});

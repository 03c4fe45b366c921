import { FakeOidc } from '..';

const oidc = new FakeOidc({ now: () => new Date(1_760_000_000_000) });
const jwksUrl = () => `${oidc.issuer}/.well-known/jwks.json`;

beforeEach(() => oidc.start());
afterEach(async () => {
  oidc.breakEndpoint('jwks', null);
  await oidc.stop();
});

describe('a fake that is broken on purpose', () => {
  it('answers with a status and a body of the test’s choice', async () => {
    oidc.breakEndpoint('jwks', { kind: 'answer', status: 500 });
    expect((await fetch(jwksUrl())).status).toBe(500);

    oidc.breakEndpoint('jwks', { kind: 'answer', status: 200, body: '{"keys":' });
    expect(await (await fetch(jwksUrl())).text()).toBe('{"keys":');
  });

  it('answers rightly but too much', async () => {
    oidc.breakEndpoint('jwks', { kind: 'oversize', bytes: 1_000_000 });
    const text = await (await fetch(jwksUrl())).text();

    expect(text.length).toBeGreaterThan(1_000_000);
    expect(JSON.parse(text)).toHaveProperty('keys');
  });

  it('is broken at one endpoint only, and whole again afterwards', async () => {
    oidc.breakEndpoint('jwks', { kind: 'answer', status: 503 });
    const discovery = await fetch(`${oidc.issuer}/.well-known/openid-configuration`);
    oidc.breakEndpoint('jwks', null);

    expect([discovery.status, (await fetch(jwksUrl())).status]).toEqual([200, 200]);
  });

  it('counts the requests of each endpoint', async () => {
    const before = oidc.requests;
    await Promise.all([fetch(jwksUrl()), fetch(jwksUrl()), fetch(`${oidc.issuer}/auth`)]);

    expect(oidc.requests).toEqual({ ...before, jwks: before.jwks + 2, auth: before.auth + 1 });
  });

  it('has no address before it was started', () => {
    expect(() => new FakeOidc({ now: () => new Date(0) }).issuer).toThrow('has not been started');
  });
});

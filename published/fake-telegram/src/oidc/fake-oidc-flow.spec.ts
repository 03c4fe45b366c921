import { aTelegramUser, FakeOidc } from '..';
import { basic, client, getCode, landing, openAuth, redeem, redirectUri } from '../../testing/sign-in';

const oidc = new FakeOidc({ now: () => new Date(1_760_000_000_000) });

beforeAll(async () => {
  oidc.registerClient(client);
  oidc.registerClient({ ...client, clientId: '42', clientSecret: 'another' });
  oidc.nextPerson = aTelegramUser();
  await oidc.start();
});
afterAll(() => oidc.stop());

async function outcome(answer: Promise<Response>): Promise<string> {
  const { status, ok } = await answer;
  const body = (await (await answer).json()) as { error?: string; id_token?: string };
  return ok && body.id_token ? 'tokens' : `${status} ${body.error ?? ''}`;
}

describe('GET /auth', () => {
  it('sends the browser back with a code and the state, as a further parameter of the redirect URI', async () => {
    const state = `+&= ${'s'.repeat(251)}`;
    const answer = await openAuth(oidc, { state, redirect_uri: 'https://app.example/other?x=1' });

    expect(answer.status).toBe(302);
    expect(landing(answer).href).toMatch(/^https:\/\/app\.example\/other\?x=1&code=/);
    expect(landing(answer).searchParams.get('state')).toBe(state);
  });

  it.each([
    ['a client that is not known', { client_id: '1' }, 'client_id invalid'],
    ['no client', { client_id: undefined }, 'client_id invalid'],
    ['a redirect URI that is not registered', { redirect_uri: `${redirectUri}/` }, 'redirect_uri invalid'],
    ['a state of 257 characters', { state: 's'.repeat(257) }, 'state too long'],
  ])('shows a page and goes nowhere for %s', async (_, overrides, text) => {
    const answer = await openAuth(oidc, overrides);

    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    expect(await answer.text()).toContain(text);
  });

  it.each([
    ['another response type', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['no openid in the scope', { scope: 'profile' }, 'invalid_scope'],
    ['no challenge', { code_challenge: undefined }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['no method', { code_challenge_method: undefined }, 'invalid_request'],
  ])('sends the browser back with an error for %s', async (_, overrides, error) => {
    const back = landing(await openAuth(oidc, overrides));

    expect(Object.fromEntries(back.searchParams)).toEqual({ error, state: 'a state' });
  });
});

describe('POST /token', () => {
  it('gives tokens, and no refresh token among them', async () => {
    const answer = await redeem(oidc, await getCode(oidc));

    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      id_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    });
  });

  it.each([
    ['the bot’s token as secret', basic(client.clientId, `${client.clientId}:AAE`)],
    ['no secret', null],
    ['an empty secret', basic(client.clientId, '')],
    ['the secret of another client', basic(client.clientId, 'another')],
    ['a client that is not known', basic('1', client.clientSecret)],
    ['another client in the header than in the form', basic('42', 'another')],
    ['another scheme', `Bearer ${client.clientSecret}`],
  ])('refuses %s, and the code stays good', async (_, authorization) => {
    const code = await getCode(oidc);

    expect(await outcome(redeem(oidc, code, {}, authorization))).toBe('401 invalid_client');
    expect(await outcome(redeem(oidc, code))).toBe('tokens');
  });

  it.each([
    ['another redirect URI', { redirect_uri: 'https://app.example/other?x=1' }],
    ['no redirect URI', { redirect_uri: undefined }],
    ['another verifier', { code_verifier: 'a'.repeat(43) }],
    ['no verifier', { code_verifier: undefined }],
    ['a code that was never given', { code: 'a'.repeat(43) }],
  ])('refuses %s', async (_, overrides) => {
    expect(await outcome(redeem(oidc, await getCode(oidc), overrides))).toBe('400 invalid_grant');
  });

  it.each([
    ['another grant', { grant_type: 'refresh_token' }, '400 unsupported_grant_type'],
    ['no grant', { grant_type: undefined }, '400 unsupported_grant_type'],
  ])('refuses %s', async (_, overrides, expected) => {
    expect(await outcome(redeem(oidc, await getCode(oidc), overrides))).toBe(expected);
  });
});

import { aTelegramUser, FakeOidc } from '..';
import { client, getCode, redeem } from '../../testing/sign-in';

const now = new Date(1_760_000_000_000);
const person = { ...aTelegramUser({ id: 987_654_321 }), phone_number: '971577777777' };

let oidc: FakeOidc;
beforeEach(async () => {
  oidc = new FakeOidc({ now: () => now });
  oidc.registerClient(client);
  oidc.nextPerson = person;
  await oidc.start();
});
afterEach(() => oidc.stop());

async function getJson(path: string): Promise<Record<string, unknown>> {
  return (await (await fetch(`${oidc.issuer}${path}`)).json()) as Record<string, unknown>;
}

async function signIn(parameters = {}): Promise<string> {
  const answer = await redeem(oidc, await getCode(oidc, parameters));
  return ((await answer.json()) as { id_token: string }).id_token;
}

function claimsOf(token: string): Record<string, unknown> {
  const [, payload = ''] = token.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

describe('FakeOidc', () => {
  it('describes itself as Telegram does: by its own URL, without userinfo', async () => {
    const document = await getJson('/.well-known/openid-configuration');

    expect(document).toMatchObject({
      issuer: oidc.issuer,
      authorization_endpoint: `${oidc.issuer}/auth`,
      token_endpoint: `${oidc.issuer}/token`,
      jwks_uri: `${oidc.issuer}/.well-known/jwks.json`,
      grant_types_supported: ['authorization_code'],
    });
    expect(Object.keys(document)).not.toContain('userinfo_endpoint');
    expect(document['claims_supported']).not.toContain('id');
    expect((await fetch(`${oidc.issuer}/userinfo`)).status).toBe(404);
  });

  it('says what Telegram says: a subject unlike the id, no nonce, the phone number when asked', async () => {
    const claims = claimsOf(await signIn({ scope: 'openid profile phone', nonce: 'n' }));
    const bare = claimsOf(await signIn({ scope: 'openid' }));

    expect(claims).toEqual({
      iss: oidc.issuer,
      aud: client.clientId,
      sub: expect.stringMatching(/^[1-9]\d{18}$/),
      iat: 1_760_000_000,
      exp: 1_760_003_600,
      id: 987_654_321,
      name: 'Ada Lovelace',
      preferred_username: person.username,
      picture: person.photo_url,
      phone_number: '971577777777',
    });
    expect(Object.keys(bare)).toEqual(['iss', 'aud', 'sub', 'iat', 'exp', 'id']);
    expect(claimsOf(await signIn({ scope: 'openid profile' }))).not.toHaveProperty('phone_number');
  });

  it('gives a person the same subject at one client and another at the next', () => {
    const sub = (clientId: string, id: number) => oidc.claimsFor(clientId, { ...person, id })['sub'];

    expect(sub('1', 7)).toBe(sub('1', 7));
    expect(new Set([sub('1', 7), sub('2', 7), sub('1', 8)]).size).toBe(3);
  });

  it('knows a client by a secret that is not the bot’s token', () => {
    const register = () => oidc.registerClient({ ...client, clientSecret: `${client.clientId}:AAE` });

    expect(register).toThrow(RangeError);
  });
});

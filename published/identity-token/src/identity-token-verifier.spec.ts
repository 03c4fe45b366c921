import { createHmac } from 'node:crypto';
import { CompactSign } from 'jose';
import { aKey, aTokenOf, TestIssuer } from '../testing/test-issuer';
import { createIdentityTokenVerifier, IdentityTokenError, type IdentityTokenOptions } from '.';

const key = aKey('key-1');
const edwards = aKey('key-2', 'EdDSA');
const stranger = aKey('key-1');

const issuer = new TestIssuer();

beforeAll(() => issuer.start());
afterAll(() => issuer.stop());
beforeEach(() => {
  issuer.published = [key.jwk, edwards.jwk];
});

function aVerifier(options: Partial<IdentityTokenOptions> = {}) {
  return createIdentityTokenVerifier({
    issuer: issuer.url,
    audience: 'shop',
    now: () => issuer.now,
    ...options,
  });
}

function json(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

async function codeOf(verified: Promise<unknown>): Promise<string> {
  const error: unknown = await verified.catch((thrown: unknown) => thrown);
  if (!(error instanceof IdentityTokenError)) throw new Error('was not refused', { cause: error });
  return error.code;
}

/** What the verifier makes of these claims, rightly signed. */
async function verified(claims = {}, options: Partial<IdentityTokenOptions> = {}) {
  return aVerifier(options).verify(await aTokenOf(key, issuer.claims(claims)));
}

const refused = (claims = {}, options: Partial<IdentityTokenOptions> = {}) =>
  codeOf(verified(claims, options));

const minutes = 60;
const seconds = (): number => Math.floor(issuer.now.getTime() / 1_000);

describe('a token of the issuer', () => {
  it('says who is behind the request', async () => {
    expect(await verified()).toEqual({
      userId: 'user-1',
      sessionId: 'session-1',
      applicationId: 'application-1',
      audience: 'shop',
      scopes: ['orders:read', 'orders:write'],
      assurance: 'platform',
      methods: ['telegram-init-data'],
      authenticatedAt: new Date(issuer.now.getTime() - 60_000),
      issuedAt: issuer.now,
      expiresAt: new Date(issuer.now.getTime() + 300_000),
      tokenId: 'token-1',
    });
  });

  it.each([[''], [undefined]])('has no scopes where they are %p', async (scope) => {
    expect(await verified({ scope })).toMatchObject({ scopes: [] });
  });

  it('says nothing of the proof where its issuer does not', async () => {
    const unsaid = { assurance: undefined, methods: [], authenticatedAt: undefined };

    expect(await verified({ acr: undefined, amr: undefined, auth_time: undefined })).toMatchObject(unsaid);
  });

  it.each([
    ['vendor', 'vendor'],
    ['vendor', 'platform'],
    ['bot-token', 'bot-token'],
    ['platform', 'platform'],
  ] as const)('passes where %s is asked for with %s', async (leastAssurance, acr) => {
    expect(await verified({ acr }, { leastAssurance })).toMatchObject({ assurance: acr });
  });

  it.each([
    ['bot-token', 'vendor'],
    ['platform', 'bot-token'],
    ['vendor', undefined],
    ['vendor', 'of-a-later-version'],
    ['platform', 'constructor'],
  ] as const)('is refused where %s is asked for with %s', async (leastAssurance, acr) => {
    expect(await refused({ acr }, { leastAssurance })).toBe('assurance_too_low');
  });

  it.each([
    { acr: 3 },
    { acr: '' },
    { amr: 'telegram-init-data' },
    { amr: [''] },
    { amr: { 0: 'a' } },
    { auth_time: '1' },
    { auth_time: 1.5 },
  ])('is refused with what no issuer says of a proof: %j', async (claims) => {
    expect(await refused(claims)).toBe('claims_invalid');
  });

  it('may be signed by Ed25519 where that is allowed', async () => {
    const token = await aTokenOf(edwards, issuer.claims());

    expect(await aVerifier({ algorithms: ['EdDSA'] }).verify(token)).toMatchObject({ userId: 'user-1' });
    expect(await aVerifier({ algorithms: ['ES256', 'EdDSA'] }).verify(token)).toBeDefined();
    expect(await codeOf(aVerifier().verify(token))).toBe('algorithm_refused');
  });

  it('is for one of the audiences, and says which', async () => {
    const either: Partial<IdentityTokenOptions> = { audience: ['shop', 'store'] };

    expect(await verified({ aud: 'store' }, either)).toMatchObject({ audience: 'store' });
    expect(await verified({ aud: ['shop'] }, either)).toMatchObject({ audience: 'shop' });
  });

  it('is good until the clocks cannot be the reason any more', async () => {
    const past = { iat: seconds() - 304, exp: seconds() - 4 };
    const future = { iat: seconds() + 5 };

    expect(await verified(past)).toBeDefined();
    expect(await verified(future)).toBeDefined();
    expect(await refused({ iat: seconds() - 305, exp: seconds() - 5 })).toBe('expired');
    expect(await refused({ iat: seconds() + 6 })).toBe('not_yet_valid');
  });
});

describe('what is no signed token', () => {
  it.each([[undefined], [null], ['']])('is missing when it is %p', async (token) => {
    expect(await codeOf(aVerifier().verify(token))).toBe('missing');
  });

  it('is malformed when the header came several times, in either form', async () => {
    const token = await aTokenOf(key, issuer.claims());

    expect(await codeOf(aVerifier().verify([token, token]))).toBe('malformed');
    expect(await codeOf(aVerifier().verify(`${token}, ${token}`))).toBe('malformed');
    expect(await codeOf(aVerifier().verify([token]))).toBe('malformed');
  });

  it.each([
    'x',
    '..',
    'a.b',
    'Bearer a.b.c',
    `${json([])}.${json({})}.c2ln`,
    `${json({ typ: 'countersign-identity+jwt', alg: '' })}.${json({})}.c2ln`,
    `${json({ typ: 'countersign-identity+jwt', alg: 'ES256' })}.${json({})}.c2ln`,
    `${json({ typ: 'countersign-identity+jwt', alg: 'ES256', kid: 7 })}.${json({})}.c2ln`,
    `${json({ typ: 'countersign-identity+jwt', alg: 'ES256', kid: '' })}.${json({})}.c2ln`,
    `${json({ typ: 'countersign-identity+jwt', alg: 'ES256', kid: 'key-1', crit: ['exp'], exp: 1 })}.e30.c2ln`,
    `${json({ alg: 'ES256' })}.e30.c2ln.c2ln.c2ln`,
  ])('is malformed: %s', async (token) => {
    expect(await codeOf(aVerifier().verify(token))).toBe('malformed');
  });

  it('is malformed in any other spelling of the same bytes', async () => {
    const token = await aTokenOf(key, issuer.claims());
    const last = token.at(-1) ?? '';
    // 64 bytes leave four spare bits in the last character.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const other = alphabet[alphabet.indexOf(last) + 1] ?? '';
    const respelt = token.slice(0, -1) + other;
    const [signature = '', again = ''] = [token, respelt].map((each) => each.split('.')[2]);
    expect(Buffer.from(again, 'base64url')).toEqual(Buffer.from(signature, 'base64url'));

    for (const spelling of [respelt, `${token}==`, `${token}\n`, ` ${token}`]) {
      expect(await codeOf(aVerifier().verify(spelling))).toBe('malformed');
    }
  });

  it('is malformed when it is longer than any identity token', async () => {
    expect(await refused({ more: 'x'.repeat(8_192) })).toBe('malformed');
  });
});

describe('a token of another kind', () => {
  it.each(['JWT', 'at+jwt', 'dpop+jwt', 'countersign-identity', undefined])(
    'is refused for its type: %s',
    async (typ) => {
      const token = await aTokenOf(key, issuer.claims(), typ === undefined ? { typ: '' } : { typ });

      expect(await codeOf(aVerifier().verify(token))).toBe('wrong_type');
    },
  );
});

describe('a forged token', () => {
  it('is refused without a signature, whatever it says', async () => {
    for (const alg of ['none', 'None', 'NONE']) {
      const header = json({ typ: 'countersign-identity+jwt', alg, kid: 'key-1' });

      for (const signature of ['', 'c2ln']) {
        const token = `${header}.${json(issuer.claims())}.${signature}`;
        expect(await codeOf(aVerifier().verify(token))).toBe('algorithm_refused');
      }
    }
    const [header = '', payload = ''] = (await aTokenOf(key, issuer.claims())).split('.');
    expect(await codeOf(aVerifier().verify(`${header}.${payload}.`))).toBe('signature_invalid');
  });

  it('is refused when the public key is the secret of an HMAC', async () => {
    const header = json({ typ: 'countersign-identity+jwt', alg: 'HS256', kid: 'key-1' });
    const signed = `${header}.${json(issuer.claims())}`;
    const secrets = [
      key.publicKey.export({ format: 'pem', type: 'spki' }),
      key.publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(key.jwk),
    ];

    for (const secret of secrets) {
      const signature = createHmac('sha256', secret).update(signed).digest('base64url');
      const verifier = aVerifier({ algorithms: ['ES256', 'EdDSA'] });
      expect(await codeOf(verifier.verify(`${signed}.${signature}`))).toBe('algorithm_refused');
    }
  });

  it('is refused when the algorithm is not that of the key it names', async () => {
    const verifier = aVerifier({ algorithms: ['ES256', 'EdDSA'] });
    const asElliptic = await aTokenOf({ ...key, keyId: 'key-2' }, issuer.claims());
    const asEdwards = await aTokenOf({ ...edwards, keyId: 'key-1' }, issuer.claims());

    expect(await codeOf(verifier.verify(asElliptic))).toBe('algorithm_refused');
    expect(await codeOf(verifier.verify(asEdwards))).toBe('algorithm_refused');
  });

  it('is refused when another key has signed, also one that the token brings along', async () => {
    const plain = await aTokenOf(stranger, issuer.claims());
    const bringing = await aTokenOf(stranger, issuer.claims(), { jwk: stranger.jwk, jku: issuer.url });

    expect(await codeOf(aVerifier().verify(plain))).toBe('signature_invalid');
    expect(await codeOf(aVerifier().verify(bringing))).toBe('signature_invalid');
  });

  it('is refused when one bit of what was signed has changed', async () => {
    const [header = '', payload = '', signature = ''] = (await aTokenOf(key, issuer.claims())).split('.');
    const changed = json(issuer.claims({ sub: 'user-2' }));
    const bytes = Buffer.from(signature, 'base64url');
    bytes[40] = (bytes[40] ?? 0) ^ 1;

    expect(changed).not.toBe(payload);
    expect(await codeOf(aVerifier().verify(`${header}.${changed}.${signature}`))).toBe('signature_invalid');
    expect(await codeOf(aVerifier().verify(`${header}.${payload}.${bytes.toString('base64url')}`))).toBe(
      'signature_invalid',
    );
  });

  it('is refused when it names a key that nobody has published', async () => {
    const token = await aTokenOf(aKey('key-9'), issuer.claims());

    expect(await codeOf(aVerifier().verify(token))).toBe('unknown_key');
  });

  it.each(['__proto__', 'constructor', 'toString'])('finds no key called %s', async (keyId) => {
    const token = await aTokenOf({ ...key, keyId }, issuer.claims());

    expect(await codeOf(aVerifier().verify(token))).toBe('unknown_key');
  });
});

describe('a token with a right signature', () => {
  it.each([
    ['of another issuer', { iss: 'https://id.example.com' }, 'wrong_issuer'],
    ['of an issuer with one more slash', { iss: 'http://127.0.0.1/' }, 'wrong_issuer'],
    ['of no issuer', { iss: undefined }, 'wrong_issuer'],
    ['for another audience', { aud: 'store' }, 'wrong_audience'],
    ['for a part of the audience', { aud: 'sho' }, 'wrong_audience'],
    ['for several audiences', { aud: ['shop', 'store'] }, 'wrong_audience'],
    ['for the audience twice', { aud: ['shop', 'shop'] }, 'wrong_audience'],
    ['for nobody', { aud: undefined }, 'wrong_audience'],
    ['for none of no audiences', { aud: [] }, 'wrong_audience'],
    ['for an audience in an audience', { aud: [['shop']] }, 'wrong_audience'],
    ['of no user', { sub: undefined }, 'claims_invalid'],
    ['of a user with an empty name', { sub: '' }, 'claims_invalid'],
    ['of a user with a number', { sub: 7 }, 'claims_invalid'],
    ['of a user with a line break', { sub: 'user-1\nuser-2' }, 'claims_invalid'],
    ['of an empty session', { sid: '' }, 'claims_invalid'],
    ['of no application', { client_id: undefined }, 'claims_invalid'],
    ['without its own id', { jti: undefined }, 'claims_invalid'],
    ['with a list of scopes', { scope: ['orders:read'] }, 'claims_invalid'],
    ['with a gap in its scopes', { scope: 'orders:read  orders:write' }, 'claims_invalid'],
    ['with a line break in its scopes', { scope: 'orders:read\n' }, 'claims_invalid'],
    ['without an end', { exp: undefined }, 'claims_invalid'],
    ['with an end in words', { exp: '2000000000' }, 'claims_invalid'],
    ['without a beginning', { iat: undefined }, 'claims_invalid'],
    ['with half a second', { iat: seconds() + 0.5 }, 'claims_invalid'],
    ['with a beginning in words', { nbf: 'now' }, 'claims_invalid'],
  ])('is refused: %s', async (_, claims, code) => {
    expect(await refused(claims)).toBe(code);
  });

  it.each([
    ['that has expired', -300, -5, 'expired'],
    ['that has expired long ago', -10 * minutes, -5 * minutes, 'expired'],
    ['that is from the future', 6, 60, 'not_yet_valid'],
    ['that lives too long', 0, 301, 'too_long_lived'],
    ['that lives for years', 0, 100_000_000, 'too_long_lived'],
    ['that lives for longer than a Date can say', 0, 8_640_000_000_000, 'claims_invalid'],
    ['that lives for ever', 0, Number.MAX_SAFE_INTEGER, 'claims_invalid'],
    ['that ends before it begins', 0, -1, 'claims_invalid'],
  ])('is refused: one %s', async (_, begins, ends, code) => {
    expect(await refused({ iat: seconds() + begins, exp: seconds() + ends })).toBe(code);
  });

  it('is refused before its time', async () => {
    expect(await refused({ nbf: seconds() + 6 })).toBe('not_yet_valid');
  });

  it.each([
    ['a list', '[]'],
    ['text', 'user-1'],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0x7d])],
  ])('is refused: %s instead of claims', async (_, payload) => {
    const token = await new CompactSign(Buffer.from(payload))
      .setProtectedHeader({ alg: 'ES256', typ: 'countersign-identity+jwt', kid: 'key-1' })
      .sign(key.privateKey);

    expect(await codeOf(aVerifier().verify(token))).toBe('claims_invalid');
  });
});

describe('a refusal', () => {
  it('never quotes the token', async () => {
    const token = await aTokenOf(stranger, issuer.claims());
    const error: unknown = await aVerifier()
      .verify(token)
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ name: 'IdentityTokenError', code: 'signature_invalid' });
    for (const part of token.split('.')) expect(JSON.stringify([error, String(error)])).not.toContain(part);
  });

  it('meets every token when the clock answers no time', async () => {
    const verifier = aVerifier({ now: () => new Date(NaN) });

    await expect(verifier.verify(await aTokenOf(key, issuer.claims()))).rejects.toThrow();
  });
});

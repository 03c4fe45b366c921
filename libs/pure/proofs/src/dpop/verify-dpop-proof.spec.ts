import { createHash, createHmac } from 'node:crypto';
import { aRequest } from '../../testing/dpop/a-request';
import { DeviceKey, type ProofRequest } from '../../testing/dpop/device-key';
import { dpopRefusals, type DpopRefusal } from './dpop-refusals';
import { DPOP_ALGORITHMS, verifyDpopProof, type DpopExpectation } from './verify-dpop-proof';

const { request, expected } = aRequest();
const key = DeviceKey.generate();
const edwardsKey = DeviceKey.generate('Ed25519');
const accessToken = 'some-access.token_1';
const seconds = request.at.getTime() / 1000;

type Change = Partial<ProofRequest>;

async function outcomeOf(change: Change = {}, here: Partial<DpopExpectation> = {}, device = key) {
  const result = await verifyDpopProof(await device.prove({ ...request, ...change }), {
    ...expected,
    ...here,
  });
  return result.ok ? 'accepted' : result.code;
}

async function outcomeOfText(proof: string) {
  const result = await verifyDpopProof(proof, expected);
  return result.ok ? 'accepted' : result.code;
}

function header(members: Readonly<Record<string, unknown>>): Change {
  return { header: members };
}

function jwk(members: Readonly<Record<string, unknown>>, device = key): Change {
  return { header: { jwk: { ...device.publicJwk, ...members } } };
}

function claims(members: Readonly<Record<string, unknown>>): Change {
  return { claims: members };
}

const hash = (text: string) => createHash('sha256').update(text).digest('base64url');

/** The same bytes in base64url, with a spare bit of the last character set. */
function otherSpelling(text = ''): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return text.slice(0, -1) + (alphabet[alphabet.indexOf(text.slice(-1)) ^ 1] ?? '');
}

describe('verifyDpopProof', () => {
  it.each(DPOP_ALGORITHMS)('accepts a proof that holds, signed with %s', async (algorithm) => {
    const device = DeviceKey.generate(algorithm);
    const proof = await device.prove({ ...request, accessToken, jti: 'some-id' });

    expect(await verifyDpopProof(proof, { ...expected, accessToken })).toEqual({
      ok: true,
      value: {
        thumbprint: device.thumbprint,
        proofId: createHash('sha256').update(`43:${device.thumbprint}7:some-id`).digest(),
        madeAt: request.at,
      },
    });
  });

  const harmless: [what: string, Change][] = [
    ['a key id and other names of a key', header({ kid: 'a', jku: 'https://evil.example', x5c: ['AA=='] })],
    ['what the key says of itself', jwk({ kid: 'a', use: 'sig', key_ops: [], alg: 'ES256', ext: true })],
    ['a date with a fraction', claims({ iat: seconds + 0.25 })],
    ['a query in its address', claims({ htu: `${request.uri}?a=1#b` })],
    ['an end that is to come', claims({ exp: seconds + 1, nbf: seconds + 5 })],
    ['a hash where no token came', claims({ ath: 5 })],
    ['an end in the last second that has a date', claims({ exp: 253_402_300_799 })],
  ];
  it.each(harmless)('is not disturbed by %s', async (_, change) => {
    expect(await outcomeOf(change)).toBe('accepted');
  });
});

describe('a text that is no proof', () => {
  let proof: string;
  beforeAll(async () => {
    proof = await key.prove(request);
  });

  const members = JSON.stringify({ typ: 'dpop+jwt', alg: 'ES256', jwk: key.publicJwk });
  const payload = JSON.stringify({ jti: 'a', htm: 'POST', htu: request.uri, iat: seconds });
  const part = (index: number, change: (text: string) => string) => () => {
    const parts = proof.split('.');
    return parts.with(index, change(parts[index] ?? '')).join('.');
  };

  it('is told from one that is', async () => {
    expect(await outcomeOfText(key.sign(members, payload))).toBe('accepted');
  });

  const texts: [what: string, () => string][] = [
    ['nothing', () => ''],
    ['four parts', () => `${proof}.AA`],
    ['no signature', part(2, () => '')],
    ['padding', part(1, (text) => `${text}=`)],
    ['a signature in its other spelling', part(2, otherSpelling)],
    ['a header that is no object', () => key.sign('[]', payload)],
    ['claims that are no object', () => key.sign(members, '"a"')],
    ['a byte order mark', () => key.sign(members, `\ufeff${payload}`)],
    ['an algorithm twice', () => key.sign(members.replace('{', '{"alg":"none",'), payload)],
    ['a claim twice', () => key.sign(members, payload.replace('{', '{"htm":"GET",'))],
    ['a coordinate twice', () => key.sign(members.replace('"x":', '"x":"A","x":'), payload)],
    [
      'bytes that are not UTF-8',
      () => {
        const bytes = Buffer.from(payload.replace('"a"', '"\u00e9"'), 'latin1');
        return key.signText(`${Buffer.from(members).toString('base64url')}.${bytes.toString('base64url')}`);
      },
    ],
  ];
  it.each(texts)('is refused: %s', async (_, text) => {
    expect(await outcomeOfText(text())).toBe('dpop.malformed');
  });

  it('is measured in bytes before it is read', async () => {
    const texts = ['a'.repeat(8192), 'a'.repeat(8193), 'я'.repeat(4097)];

    expect(await Promise.all(texts.map(outcomeOfText))).toEqual([
      'dpop.malformed',
      'dpop.too_long',
      'dpop.too_long',
    ]);
  });
});

describe('a proof that breaks one rule', () => {
  const rules: [DpopRefusal, what: string, Change, Partial<DpopExpectation>?, DeviceKey?][] = [
    ['dpop.critical_header', 'an extension', header({ crit: ['b64'], b64: true })],
    ['dpop.type_mismatch', 'no type', header({ typ: undefined })],
    ['dpop.type_mismatch', 'the type of an access token', header({ typ: 'at+jwt' })],
    ['dpop.type_mismatch', 'the type in capitals', header({ typ: 'DPoP+JWT' })],
    ['dpop.algorithm_refused', 'no algorithm', header({ alg: undefined })],
    ['dpop.algorithm_refused', 'the algorithm none', header({ alg: 'none' })],
    ['dpop.algorithm_refused', 'a symmetric algorithm', header({ alg: 'HS256' })],
    ['dpop.algorithm_refused', 'an algorithm that only some know', header({ alg: 'ES256K' })],
    ['dpop.algorithm_refused', 'a list of algorithms', header({ alg: ['ES256'] })],
    ['dpop.private_key', 'its private key', header({ jwk: key.privateJwk })],
    ['dpop.private_key', 'its private key', header({ jwk: edwardsKey.privateJwk }), {}, edwardsKey],
    ...['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'].map((name): [DpopRefusal, string, Change] => [
      'dpop.private_key',
      `a private ${name}`,
      jwk({ [name]: null }),
    ]),
    ['dpop.key_refused', 'no key', header({ jwk: undefined })],
    ['dpop.key_refused', 'a list of keys', header({ jwk: [key.publicJwk] })],
    ['dpop.key_refused', 'a key for encryption', jwk({ use: 'enc' })],
    ['dpop.key_refused', 'a key for another algorithm', jwk({ alg: 'RS256' })],
    ['dpop.key_refused', 'a symmetric kind of key', jwk({ kty: 'oct' })],
    ['dpop.key_refused', 'another curve', jwk({ crv: 'secp256k1' })],
    ['dpop.key_refused', 'a key of another algorithm', header({ alg: 'Ed25519' })],
    ['dpop.key_refused', 'half a key', jwk({ y: undefined })],
    ['dpop.key_refused', 'a point off the curve', jwk({ y: key.publicJwk.x })],
    ['dpop.key_refused', 'a coordinate in its other spelling', jwk({ x: otherSpelling(key.publicJwk.x) })],
    ['dpop.key_refused', 'a short coordinate', jwk({ x: key.publicJwk.x?.slice(4) })],
    ['dpop.key_refused', 'a curve for agreement', jwk({ crv: 'X25519' }, edwardsKey), {}, edwardsKey],
    ['dpop.key_refused', 'a coordinate too long', jwk({ x: 'A'.repeat(44) }, edwardsKey), {}, edwardsKey],
    ...['jti', 'htm', 'htu', 'iat'].flatMap((name) =>
      [undefined, null, true, {}].map((value): [DpopRefusal, string, Change] => [
        'dpop.claims_invalid',
        `${name} as ${JSON.stringify(value)}`,
        claims({ [name]: value }),
      ]),
    ),
    ...['iat', 'exp', 'nbf'].flatMap((name) =>
      ['1', 0, -seconds, seconds * 1000, 1e300].map((value): [DpopRefusal, string, Change] => [
        'dpop.claims_invalid',
        `${name} as ${JSON.stringify(value)}`,
        claims({ [name]: value }),
      ]),
    ),
    ['dpop.claims_invalid', 'an end that has no date', claims({ exp: 253_402_300_800 })],
    ['dpop.claims_invalid', 'an empty id', { jti: '' }],
    ['dpop.claims_invalid', 'an id of 257 characters', { jti: 'a'.repeat(257) }],
    ['dpop.claims_invalid', 'a control character in its id', { jti: 'a\nb' }],
    ['dpop.claims_invalid', 'half a character in its id', { jti: '\ud800' }],
    ['dpop.method_mismatch', 'another method', { method: 'GET' }],
    ['dpop.method_mismatch', 'the method in small letters', { method: 'post' }],
    ['dpop.uri_mismatch', 'another path', { uri: `${request.uri}/all` }],
    ['dpop.token_mismatch', 'no access token', {}, { accessToken }],
    ['dpop.token_mismatch', 'another access token', { accessToken: `${accessToken}2` }, { accessToken }],
    ['dpop.token_mismatch', 'the access token itself', claims({ ath: accessToken }), { accessToken }],
    ['dpop.token_mismatch', 'hashes', claims({ ath: [hash(accessToken)] }), { accessToken }],
    ['dpop.too_old', 'an end that has come', claims({ exp: seconds }), {}],
    ['dpop.in_future', 'a beginning to come', claims({ nbf: seconds + 6 })],
    ['dpop.signature_invalid', 'the key of another', header({ jwk: DeviceKey.generate().publicJwk })],
  ];
  it.each(rules)('is refused with %s: it has %s', async (code, _, change, here = {}, device = key) => {
    expect(await outcomeOf(change, here, device)).toBe(code);
  });

  it('is refused when its signature is not as long as one of its algorithm', async () => {
    const proof = await key.prove(request);
    const dot = proof.lastIndexOf('.') + 1;
    const signature = Buffer.from(proof.slice(dot), 'base64url');
    const others = [
      signature.subarray(0, 63),
      Buffer.concat([signature, Buffer.alloc(1)]),
      Buffer.concat([Buffer.alloc(1), signature.subarray(0, 32), Buffer.alloc(1), signature.subarray(32)]),
    ].map((bytes) => proof.slice(0, dot) + bytes.toString('base64url'));

    expect(await Promise.all(others.map(outcomeOfText))).toEqual(others.map(() => 'dpop.signature_invalid'));
  });

  it('is refused when its public key was used as a secret', async () => {
    const secret = JSON.stringify(key.publicJwk);
    const proof = await key.prove({ ...request, header: { alg: 'HS256' } });
    const signed = proof.slice(0, proof.lastIndexOf('.'));
    const tag = createHmac('sha256', secret).update(signed).digest('base64url');

    expect(await outcomeOfText(`${signed}.${tag}`)).toBe('dpop.algorithm_refused');
  });

  it('meets every rule in this file', () => {
    const met = new Set<string>([...rules.map(([code]) => code), 'dpop.malformed', 'dpop.too_long']);

    expect([...met].sort()).toEqual(Object.keys(dpopRefusals).sort());
  });
});

describe('an RSA key', () => {
  const device = DeviceKey.generate('RS256');
  const modulus = Buffer.from(device.publicJwk.n ?? '', 'base64url');
  const of = (bytes: Buffer) => jwk({ n: bytes.toString('base64url') }, device);

  it.each([
    ['of 1024 bits', of(modulus.subarray(128))],
    ['of more than 4096 bits', of(Buffer.concat([Buffer.from([1]), modulus, modulus]))],
    ['with a leading zero', of(Buffer.concat([Buffer.from([0]), modulus]))],
    ['without a modulus', of(Buffer.alloc(0))],
    ['with the exponent 3', jwk({ e: 'Aw' }, device)],
    ['with the exponent in another spelling', jwk({ e: 'AAEAAQ' }, device)],
  ])('is refused %s', async (_, change) => {
    expect(await outcomeOf(change, {}, device)).toBe('dpop.key_refused');
  });

  it('may have 4096 bits, and then has to have signed', async () => {
    const change = of(Buffer.concat([modulus, modulus]));

    expect(await outcomeOf(change, {}, device)).toBe('dpop.signature_invalid');
  });

  it('signs with the one padding that the header names', async () => {
    expect(await outcomeOf(header({ alg: 'PS256' }), {}, device)).toBe('dpop.signature_invalid');
  });
});

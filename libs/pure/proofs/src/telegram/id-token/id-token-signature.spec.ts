import { constants, createPublicKey, sign } from 'node:crypto';
import { keys, payloadWith, policy, verdict } from '../../../testing/telegram/fake-oidc-fixture';
import { newRsaKey } from '@countersign/fake-telegram';
import { verifyIdToken } from './id-token';
import { ID_TOKEN_ALGORITHMS, parseJwks, type IdTokenAlgorithm } from './jwks';

/** The orders of both curves (SEC 2, sections 2.4.1 and 2.4.2). */
const ORDERS = {
  ES256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  ES256K: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
};
const ELLIPTIC = ['ES256', 'ES256K'] as const;

const tokens = Object.fromEntries(
  ID_TOKEN_ALGORITHMS.map((alg) => [alg, keys.sign(payloadWith(), alg)]),
) as Record<IdTokenAlgorithm, string>;

function textOf(alg: IdTokenAlgorithm): string {
  return tokens[alg].slice(0, tokens[alg].lastIndexOf('.'));
}

function signatureOf(alg: IdTokenAlgorithm): Buffer {
  return Buffer.from(tokens[alg].slice(tokens[alg].lastIndexOf('.') + 1), 'base64url');
}

function signedWith(alg: IdTokenAlgorithm, signature: Buffer): string {
  return `${textOf(alg)}.${signature.toString('base64url')}`;
}

function bytesOf(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex');
}

describe('the signature of an id token', () => {
  it.each(ID_TOKEN_ALGORITHMS)('is accepted under %s, and not with one bit changed anywhere', (alg) => {
    expect(verdict(tokens[alg])).toBe('accepted');
    for (const index of signatureOf(alg).keys()) {
      const changed = signatureOf(alg);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      expect(verdict(signedWith(alg, changed))).toBe('oidc.signature_mismatch');
    }
  });

  it.each(ID_TOKEN_ALGORITHMS)('is refused under %s by another key of the same kind', (alg) => {
    const others = keys.next();
    const jwks = others.jwks.keys.map((key) => (key['alg'] === alg ? { ...key, kid: keys.keyId(alg) } : key));

    expect(verdict(tokens[alg], { keys: parseJwks({ keys: jwks }) })).toBe('oidc.signature_mismatch');
    expect(verdict(others.sign(payloadWith(), alg))).toBe('oidc.unknown_key');
  });

  it.each(ID_TOKEN_ALGORITHMS)('has one length only under %s', (alg) => {
    const right = signatureOf(alg);
    const zero = Buffer.alloc(1);
    const lengths = [
      Buffer.alloc(0),
      right.subarray(1),
      right.subarray(0, -1),
      Buffer.concat([right, right]),
    ];

    for (const other of [...lengths, Buffer.concat([right, zero]), Buffer.concat([zero, right])]) {
      expect(verdict(signedWith(alg, other))).toBe('oidc.signature_malformed');
    }
  });

  it.each([...ELLIPTIC])('is not in DER under %s', (alg) => {
    const der = () => sign('sha256', Buffer.from(textOf(alg)), keys.privateKey(alg));

    for (let round = 0; round < 20; round += 1) {
      expect(verdict(signedWith(alg, der()))).toBe('oidc.signature_malformed');
    }
  });

  it.each([...ELLIPTIC])('has no r or s of zero, of the order or above it under %s', (alg) => {
    const [r, s] = [signatureOf(alg).subarray(0, 32), signatureOf(alg).subarray(32)];
    const order = ORDERS[alg];
    const [zero, whole, one] = [bytesOf(0n), bytesOf(order), bytesOf(1n)];
    const most = Buffer.alloc(32, 255);
    const pairs = [
      [zero, zero],
      [one, zero],
      [zero, one],
      [r, zero],
      [zero, s],
      [r, whole],
      [whole, s],
      [whole, whole],
      [most, most],
      [s, r],
    ];

    for (const pair of pairs) {
      expect(verdict(signedWith(alg, Buffer.concat(pair)))).toBe('oidc.signature_mismatch');
    }
  });

  it.each([...ELLIPTIC])('may be either of the two that fit under %s: they sign the same text', (alg) => {
    const [r, s] = [signatureOf(alg).subarray(0, 32), signatureOf(alg).subarray(32)];
    const other = bytesOf(ORDERS[alg] - BigInt(`0x${s.toString('hex')}`));
    const twin = signedWith(alg, Buffer.concat([r, other]));

    expect(twin).not.toBe(tokens[alg]);
    expect(verifyIdToken(twin, policy())).toEqual(verifyIdToken(tokens[alg], policy()));
    expect(verifyIdToken(twin, policy())).toMatchObject({ value: { signedText: textOf(alg) } });
  });

  it('is RSASSA-PKCS1-v1_5 over SHA-256 under RS256, nothing else', () => {
    const key = keys.privateKey('RS256');
    const text = Buffer.from(textOf('RS256'));
    const forms = [
      sign('sha512', text, key),
      sign('sha1', text, key),
      sign('sha256', text, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
    ];

    expect(signedWith('RS256', sign('sha256', text, key))).toBe(tokens.RS256);
    for (const form of forms) expect(verdict(signedWith('RS256', form))).toBe('oidc.signature_mismatch');
  });

  it('fits an RSA key of more bits as well', () => {
    const privateKey = newRsaKey(3072);
    const jwk = { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid: keys.keyId('RS256') };
    const token = signedWith('RS256', sign('sha256', Buffer.from(textOf('RS256')), privateKey));

    expect(verdict(token, { keys: parseJwks({ keys: [jwk] }) })).toBe('accepted');
    expect(verdict(token)).toBe('oidc.signature_malformed');
  });
});

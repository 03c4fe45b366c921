import { sign, verify, createPublicKey } from 'node:crypto';
import { generateKeyRing, KeyRing, SealError, type Sealed } from '@countersign/crypto';
import type { StoredIdentityKey } from './identity-key';
import { createKeyPair, openKeyPair } from './key-pairs';

const KID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const NOW = new Date('2026-11-20T12:00:00Z');

const newRing = (): KeyRing => KeyRing.parse(JSON.stringify(generateKeyRing()));

function aStoredKey(keyRing: KeyRing, algorithm: 'ES256' | 'EdDSA' = 'ES256'): StoredIdentityKey {
  return {
    kid: KID,
    algorithm,
    ...createKeyPair(keyRing, KID, algorithm),
    createdAt: NOW,
    signsFrom: NOW,
  };
}

describe.each([
  ['ES256', { kty: 'EC', crv: 'P-256' }, ['crv', 'kty', 'x', 'y'], 'sha256'],
  ['EdDSA', { kty: 'OKP', crv: 'Ed25519' }, ['crv', 'kty', 'x'], null],
] as const)('a key pair for %s', (algorithm, kind, members, digest) => {
  const keyRing = newRing();
  const stored = aStoredKey(keyRing, algorithm);

  it('has a public half with nothing of the private one', () => {
    expect(stored.publicKey).toMatchObject(kind);
    expect(Object.keys(stored.publicKey).toSorted()).toEqual(members);
  });

  it('opens as it was made', () => {
    const { privateKey, ...rest } = openKeyPair(keyRing, stored);
    const message = Buffer.from('who is this?');
    const published = createPublicKey({ key: { ...stored.publicKey }, format: 'jwk' });

    expect(rest).toEqual({ kid: KID, algorithm, signsFrom: NOW });
    expect(verify(digest, message, published, sign(digest, message, privateKey))).toBe(true);
  });

  it('is another one every time', () => {
    expect(aStoredKey(keyRing, algorithm).publicKey).not.toEqual(stored.publicKey);
  });
});

describe('a stored key', () => {
  const keyRing = newRing();
  const stored = aStoredKey(keyRing);

  it('is what its private half says, whatever stands beside it', () => {
    const forged = aStoredKey(newRing(), 'EdDSA');

    const opened = openKeyPair(keyRing, { ...stored, algorithm: 'EdDSA', publicKey: forged.publicKey });

    expect(opened.algorithm).toBe('ES256');
    expect(createPublicKey(opened.privateKey).export({ format: 'jwk' })).toEqual(stored.publicKey);
  });

  it.each<[string, () => { ring: KeyRing; key: StoredIdentityKey }, string]>([
    ['under another id', () => ({ ring: keyRing, key: { ...stored, kid: `${KID}x` } }), 'tampered'],
    [
      'with a private half from another row',
      () => {
        const { privateKey } = createKeyPair(keyRing, 'another', 'ES256');
        return { ring: keyRing, key: { ...stored, privateKey } };
      },
      'tampered',
    ],
    [
      'changed',
      () => ({ ring: keyRing, key: { ...stored, privateKey: changed(stored.privateKey) } }),
      'tampered',
    ],
    ['in clear', () => ({ ring: keyRing, key: { ...stored, privateKey: '{}' as Sealed } }), 'malformed'],
    ['sealed under a ring that is not ours', () => ({ ring: newRing(), key: stored }), 'unknown_key'],
  ])('does not open %s', (_, made, code) => {
    const { ring, key } = made();

    expect(() => openKeyPair(ring, key)).toThrow(new SealError(code as SealError['code']));
  });
});

function changed(sealed: Sealed): Sealed {
  const aad = sealed.length - 9;
  return `${sealed.slice(0, aad)}${sealed[aad] === 'A' ? 'B' : 'A'}${sealed.slice(aad + 1)}` as Sealed;
}

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { sealedText, type KeyRing, type Sealed } from '@countersign/crypto';
import type { IdentityKeyAlgorithm, PublicJwk, StoredIdentityKey } from './identity-key';

/** A key that can sign, and its published part. Safe to log: a `KeyObject` does not show its bytes. */
export interface OpenIdentityKey {
  readonly kid: string;
  readonly algorithm: IdentityKeyAlgorithm;
  readonly signsFrom: Date;
  readonly privateKey: KeyObject;
  readonly publicKey: PublicJwk;
}

/** By way of PEM: Node 20 can hang when it exports a key whose generation is being collected. */
const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;

const sealedPrivateKey = sealedText('identity_keys', 'private_key');

/** A new key pair, its private half sealed under the ring for this `kid`. */
export function createKeyPair(
  keyRing: KeyRing,
  kid: string,
  algorithm: IdentityKeyAlgorithm,
): { readonly publicKey: PublicJwk; readonly privateKey: Sealed } {
  const pem = newPrivateKey(algorithm);
  return {
    publicKey: publicKeyOf(createPrivateKey(pem)),
    privateKey: sealedPrivateKey.seal(keyRing, kid, pem),
  };
}

/**
 * Opens a stored key. The algorithm and the published part come from the private half: write access to the
 * table without the key ring is not enough to publish a key.
 * @throws SealError
 */
export function openKeyPair(keyRing: KeyRing, stored: StoredIdentityKey): OpenIdentityKey {
  const { kid, signsFrom } = stored;
  const pem = sealedPrivateKey.open(keyRing, kid, stored.privateKey);
  const privateKey = createPrivateKey(pem);
  const algorithm = privateKey.asymmetricKeyType === 'ed25519' ? 'EdDSA' : 'ES256';
  return { kid, algorithm, signsFrom, privateKey, publicKey: publicKeyOf(privateKey) };
}

function newPrivateKey(algorithm: IdentityKeyAlgorithm): string {
  const { privateKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding, privateKeyEncoding })
      : generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding });
  return privateKey;
}

function publicKeyOf(privateKey: KeyObject): PublicJwk {
  const { kty = '', crv = '', x = '', y } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { kty, crv, x, ...(y === undefined ? {} : { y }) };
}

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { sealedText, type KeyRing, type Sealed } from '@countersign/crypto';
import type { IdentityKeyAlgorithm, StoredIdentityKey } from './identity-key';

/** Safe to log: a `KeyObject` does not show its bytes. */
export interface OpenIdentityKey {
  readonly kid: string;
  readonly algorithm: IdentityKeyAlgorithm;
  readonly signsFrom: Date;
  readonly privateKey: KeyObject;
}

/** Uses PEM, because Node 20 can hang when it exports a key whose generation is being collected. */
const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;

const sealedPrivateKey = sealedText('identity_keys', 'private_key');

/** The private half is sealed under the ring for this `kid`. */
export function createKeyPair(
  keyRing: KeyRing,
  kid: string,
  algorithm: IdentityKeyAlgorithm,
): { readonly publicKey: object; readonly privateKey: Sealed } {
  const pem = newPrivateKey(algorithm);
  return {
    publicKey: createPublicKey(pem).export({ format: 'jwk' }),
    privateKey: sealedPrivateKey.seal(keyRing, kid, pem),
  };
}

/** Takes the algorithm and the published key from the private half, so write access to the table publishes no key. */
export function openKeyPair(keyRing: KeyRing, stored: StoredIdentityKey): OpenIdentityKey {
  const { kid, signsFrom } = stored;
  const pem = sealedPrivateKey.open(keyRing, kid, stored.privateKey);
  const privateKey = createPrivateKey(pem);
  const algorithm = privateKey.asymmetricKeyType === 'ed25519' ? 'EdDSA' : 'ES256';
  return { kid, algorithm, signsFrom, privateKey };
}

function newPrivateKey(algorithm: IdentityKeyAlgorithm): string {
  const { privateKey } =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding, privateKeyEncoding })
      : generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding });
  return privateKey;
}

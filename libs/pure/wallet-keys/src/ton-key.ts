import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { secretBytes, wiping } from './secret-bytes';

const SEED_BYTES = 32;
/** The prefix of an Ed25519 seed in PKCS #8 (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export function tonPublicKeyOf(seed: Buffer): Buffer {
  return createPublicKey(keyOf(seed)).export({ format: 'der', type: 'spki' }).subarray(-SEED_BYTES);
}

/** An Ed25519 signature (RFC 8032), 64 bytes, deterministic. */
export function signTonMessage(seed: Buffer, message: Buffer): Buffer {
  return sign(null, message, keyOf(seed));
}

function keyOf(seed: Buffer): KeyObject {
  if (seed.length !== SEED_BYTES) throw new RangeError('the seed of an Ed25519 key has 32 bytes');
  return wiping(secretBytes(PKCS8_PREFIX.length + SEED_BYTES), (der) => {
    PKCS8_PREFIX.copy(der);
    seed.copy(der, PKCS8_PREFIX.length);
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  });
}

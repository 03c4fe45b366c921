import { createSecretKey } from 'node:crypto';
import { hkdfSha256, hmacSha256, lengthPrefixed } from './hash';
import type { KeyRing, RingKey } from './keys/key-ring';

/** Finds a value without revealing it. A look-up uses both fields. */
export interface BlindIndex {
  readonly keyId: string;
  /** 32 bytes. */
  readonly digest: Buffer;
}

/**
 * The blind indexes under every index key that is not retired, the active one first. Store all and search for any, so
 * that a key rotation creates no second user. HMAC-SHA256 over the length-prefixed `context` (one per field) and
 * `parts`. Not for values that a holder of the key could guess.
 */
export function blindIndexes(ring: KeyRing, context: string, parts: readonly string[]): BlindIndex[] {
  const message = lengthPrefixed([context, ...parts]);
  return ring.inUse('index').map((key) => ({ keyId: key.id, digest: hmacSha256(key.secret, message) }));
}

/**
 * For values that a holder of the key could guess, such as phone numbers. HKDF-SHA256 (RFC 5869, no salt) derives a key
 * for `field` from each index key. A holder of the derived key inverts only this field.
 */
export function fieldBlindIndexes(
  ring: KeyRing,
  field: string,
  value: string,
  keys: readonly RingKey[] = ring.inUse('index'),
): BlindIndex[] {
  const message = lengthPrefixed([field, value]);
  return keys.map(({ id: keyId, secret }) => {
    const key = createSecretKey(hkdfSha256(secret, `countersign/blind-index/v1/${field}`));
    return { keyId, digest: hmacSha256(key, message) };
  });
}

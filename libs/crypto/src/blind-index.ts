import { hmacSha256, lengthPrefixed } from './hash';
import type { KeyRing } from './key-ring';

/** What a value is found by without being readable: a look-up goes by both fields. */
export interface BlindIndex {
  readonly keyId: string;
  /** 32 bytes. */
  readonly digest: Buffer;
}

/**
 * The blind indexes of a value under every index key, the active one first. Write them all and look for any, so that
 * rotating the key splits nobody in two. HMAC-SHA256 at full length over `context` (which keeps indexes of different
 * fields apart) and `parts`, each behind its length. Not for values that can be guessed by whoever holds the key.
 */
export function blindIndexes(ring: KeyRing, context: string, parts: readonly string[]): BlindIndex[] {
  const message = lengthPrefixed([context, ...parts]);
  return ring.all('index').map((key) => ({ keyId: key.id, digest: hmacSha256(key.secret, message) }));
}

import { createSecretKey, type KeyObject } from 'node:crypto';
import { hkdfSha256, hmacSha256 } from '../hash';
import type { SealingKey } from '../envelope';

/** A key for message authentication codes of one purpose. Safe to print. */
export interface MacKey {
  /** That of the key that it was derived from. */
  readonly id: string;
  readonly secret: KeyObject;
}

/**
 * Derives a key from a key of the ring or a data key, with HKDF-SHA256 (RFC 5869): the id and the context are its info, so
 * that it is no key of another context. It is stored nowhere.
 */
export function deriveMacKey({ id, secret }: SealingKey, context: string): MacKey {
  return { id, secret: createSecretKey(hkdfSha256(secret, `${context}/${id}`)) };
}

/** HMAC-SHA256 (RFC 2104), 32 bytes. */
export function macOf({ secret }: MacKey, message: Buffer): Buffer {
  return hmacSha256(secret, message);
}

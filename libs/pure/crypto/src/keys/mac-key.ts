import { createSecretKey, type KeyObject } from 'node:crypto';
import { hkdfSha256, hmacSha256 } from '../hash';
import type { SealingKey } from '../envelope';

/** A key that makes tags and seals nothing. Safe to print. */
export interface MacKey {
  readonly id: string;
  readonly secret: KeyObject;
}

/** HKDF-SHA256 (RFC 5869) from a key of the ring or a data key, with id and context as info. */
export function deriveMacKey({ id, secret }: SealingKey, context: string): MacKey {
  return { id, secret: createSecretKey(hkdfSha256(secret, `${context}/${id}`)) };
}

/** HMAC-SHA256 (RFC 2104), 32 bytes. */
export function macOf({ secret }: MacKey, message: Buffer): Buffer {
  return hmacSha256(secret, message);
}

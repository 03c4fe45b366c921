import { createSecretKey } from 'node:crypto';
import { hkdfSha256, hmacSha256 } from '../hash';
import type { SealingKey } from '../envelope';

/** By HKDF-SHA256 (RFC 5869) from a key of the ring or a data key. Id and context are its info: it is no key of another context. */
export function deriveMacKey({ id, secret }: SealingKey, context: string): SealingKey {
  return { id, secret: createSecretKey(hkdfSha256(secret, `${context}/${id}`)) };
}

/** HMAC-SHA256 (RFC 2104), 32 bytes. */
export function macOf({ secret }: SealingKey, message: Buffer): Buffer {
  return hmacSha256(secret, message);
}

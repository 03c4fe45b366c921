import { createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';
import { hmacSha256 } from '../hash';
import type { SealingKey } from '../envelope';
import { utf8 } from '../utf8';

const NO_SALT = Buffer.alloc(0);
const KEY_BYTES = 32;

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
  return { id, secret: derivedKey(secret, `${context}/${id}`) };
}

/** A key of 32 bytes by HKDF-SHA256 (RFC 5869) without salt: one with another `info` tells nothing of it. */
export function derivedKey(secret: KeyObject, info: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, NO_SALT, utf8(info), KEY_BYTES)));
}

/** HMAC-SHA256 (RFC 2104), 32 bytes. */
export function macOf({ secret }: MacKey, message: Buffer): Buffer {
  return hmacSha256(secret, message);
}

/** Whether `mac` is that of the message. In constant time for codes of the right length. */
export function isMacOf(key: MacKey, message: Buffer, mac: Buffer): boolean {
  const expected = macOf(key, message);
  return mac.length === expected.length && timingSafeEqual(mac, expected);
}

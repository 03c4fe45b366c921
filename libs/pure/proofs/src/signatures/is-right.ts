import { createHmac, timingSafeEqual, verify, type KeyObject } from 'node:crypto';

/** A signature to check with HMAC-SHA256 or Ed25519, depending on the key. */
export interface SignatureCheck<Key> {
  readonly key: Key;
  /** Signed as its UTF-8 bytes. */
  readonly text: string;
  readonly signature: Uint8Array;
}

/** Whether a signature is right. The same rules run in Node and in browsers, whose keys differ. */
export type SignatureTest<Key> = (check: SignatureCheck<Key>) => boolean;

/** Checks in Node: a secret key by HMAC-SHA256 in constant time, a public one by Ed25519. */
export function isRight({ key, text, signature }: SignatureCheck<KeyObject>): boolean {
  if (key.type === 'public') return verify(null, Buffer.from(text, 'utf8'), key, signature);
  const actual = createHmac('sha256', key).update(text, 'utf8').digest();
  return actual.length === signature.length && timingSafeEqual(actual, signature);
}

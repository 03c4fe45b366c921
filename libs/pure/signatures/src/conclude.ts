import { createHmac, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import type { Result } from '@countersign/errors';

/** A signature to check: by HMAC-SHA256 or Ed25519, as the key says. */
export interface SignatureCheck<Key> {
  readonly key: Key;
  /** Signed as its UTF-8 bytes. */
  readonly text: string;
  readonly signature: Uint8Array;
}

/**
 * A verification that stops at each signature and goes on with whether it is right. So the same rules run in Node, where a check
 * answers at once, and in browsers, whose cryptography answers with promises.
 */
export type Verification<Key, T, Code extends string> = Generator<
  SignatureCheck<Key>,
  Result<T, Code>,
  boolean
>;

/** Runs a verification to its end. A secret key checks by HMAC-SHA256 in constant time, a public one by Ed25519. */
export function conclude<T, Code extends string>(
  verification: Verification<KeyObject, T, Code>,
): Result<T, Code> {
  let step = verification.next();
  while (!step.done) step = verification.next(isRight(step.value));
  return step.value;
}

function isRight({ key, text, signature }: SignatureCheck<KeyObject>): boolean {
  if (key.type === 'public') return verify(null, Buffer.from(text, 'utf8'), key, signature);
  const actual = createHmac('sha256', key).update(text, 'utf8').digest();
  return actual.length === signature.length && timingSafeEqual(actual, signature);
}

import { createHmac, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import type { Result } from '@countersign/errors';
import type { SignatureCheck, Verification } from './verification';

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

import { timingSafeEqual } from 'node:crypto';

/**
 * Whether `a` and `b` are the same bytes, in a time that depends on their lengths only. Text is compared as
 * UTF-8; text without a UTF-8 form (a lone surrogate) equals nothing. Different lengths are false; never
 * throws.
 */
export function equalsConstantTime(a: Buffer | string, b: Buffer | string): boolean {
  const left = toBytes(a);
  const right = toBytes(b);
  return left !== null && right !== null && left.length === right.length && timingSafeEqual(left, right);
}

function toBytes(value: Buffer | string): Buffer | null {
  if (typeof value !== 'string') return value;
  return value.isWellFormed() ? Buffer.from(value, 'utf8') : null;
}

import { timingSafeEqual } from 'node:crypto';

/** The time depends only on the lengths. A text with a lone surrogate equals nothing. Never throws. */
export function equalsConstantTime(a: Buffer | string, b: Buffer | string): boolean {
  const left = toBytes(a);
  const right = toBytes(b);
  return left !== null && right !== null && left.length === right.length && timingSafeEqual(left, right);
}

function toBytes(value: Buffer | string): Buffer | null {
  if (typeof value !== 'string') return value;
  return value.isWellFormed() ? Buffer.from(value, 'utf8') : null;
}

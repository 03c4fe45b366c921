/** Hexadecimal digits of whole bytes, without `0x`. */
export type Digits = string;

const BYTES = /^0x(?:[0-9a-fA-F]{2})*$/;
const QUANTITY = /^0x[0-9a-fA-F]{1,64}$/;

/** A field of an answer cannot be encoded. */
export class NotEncodable extends Error {
  override readonly name = 'NotEncodable';
}

/** Recursive length prefix encoding of bytes (Ethereum's yellow paper, appendix B). */
export function rlpOf(digits: Digits): Digits {
  const length = digits.length / 2;
  if (length === 1 && digits < '80') return digits;
  return headOf(0x80, length) + digits;
}

/** Of a list, whose items are encoded. */
export function rlpList(items: readonly Digits[]): Digits {
  const content = items.join('');
  return headOf(0xc0, content.length / 2) + content;
}

/** @param value as nodes write bytes. @throws NotEncodable */
export function rlpBytes(value: unknown): Digits {
  if (typeof value !== 'string' || !BYTES.test(value)) throw new NotEncodable('no bytes');
  return rlpOf(value.slice(2).toLowerCase());
}

/** @param value as nodes write numbers. @throws NotEncodable */
export function rlpQuantity(value: unknown): Digits {
  if (typeof value !== 'string' || !QUANTITY.test(value)) throw new NotEncodable('no quantity');
  return rlpNumber(value.slice(2).toLowerCase());
}

/** Without leading zeros. @param digits of a number, also an odd count of them */
export function rlpNumber(digits: string): Digits {
  const short = digits.replace(/^0+/, '');
  return rlpOf(short.length % 2 === 0 ? short : `0${short}`);
}

function headOf(offset: number, length: number): Digits {
  if (length < 56) return byteOf(offset + length);
  const digits = length.toString(16);
  const size = Math.ceil(digits.length / 2);
  return byteOf(offset + 55 + size) + digits.padStart(2 * size, '0');
}

function byteOf(value: number): Digits {
  return value.toString(16).padStart(2, '0');
}

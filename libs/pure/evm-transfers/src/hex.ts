/** `0x` and 40 hexadecimal digits in lower case. */
export type Address = `0x${string}`;
/** `0x` and 64 hexadecimal digits in lower case. */
export type Hash = `0x${string}`;

export const ZERO_ADDRESS: Address = `0x${'0'.repeat(40)}`;

const ADDRESS = /^0x[0-9a-f]{40}$/;
const HASH = /^0x[0-9a-f]{64}$/;
/** Leading zeros are tolerated: some nodes send them, and they change no number. */
const QUANTITY = /^0x[0-9a-f]{1,64}$/;

/** Nodes answer lower case mostly; other spellings are the same bytes. Undefined for anything else. */
export function readAddress(value: unknown): Address | undefined {
  return readHex(value, 42, ADDRESS);
}

/** @see readAddress */
export function readHash(value: unknown): Hash | undefined {
  return readHex(value, 66, HASH);
}

/** A number of at most 256 bits, as it was written. */
export function readQuantity(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 66) return undefined;
  if (QUANTITY.test(value)) return value;
  const lower = value.toLowerCase();
  return QUANTITY.test(lower) ? lower : undefined;
}

/** A quantity that a JavaScript number holds exactly. */
export function readNumber(value: unknown): number | undefined {
  const quantity = readQuantity(value);
  if (quantity === undefined) return undefined;
  const number = Number(quantity);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Whether it says the same number. The usual spelling is compared first. */
export function isQuantity(value: unknown, expected: Expected): boolean {
  return value === expected.text || readNumber(value) === expected.number;
}

/** A number that several fields must say, with its usual spelling. */
export interface Expected {
  readonly number: number;
  readonly text: string;
}

export function expected(number: number): Expected {
  return { number, text: `0x${number.toString(16)}` };
}

/** @see isQuantity */
export function isHash(value: unknown, hash: Hash): boolean {
  return value === hash || readHash(value) === hash;
}

function readHex(value: unknown, length: number, form: RegExp): `0x${string}` | undefined {
  if (typeof value !== 'string' || value.length !== length) return undefined;
  if (form.test(value)) return value as `0x${string}`;
  const lower = value.toLowerCase();
  return form.test(lower) ? (lower as `0x${string}`) : undefined;
}

/** `0x` and 40 hexadecimal digits in lower case. */
export type Address = `0x${string}`;
/** `0x` and 64 hexadecimal digits in lower case. */
export type Hash = `0x${string}`;

export const ZERO_ADDRESS: Address = `0x${'0'.repeat(40)}`;

/** Accepts lower and upper case. Undefined for other texts. */
export function readAddress(value: unknown): Address | undefined {
  return isHex(value, 40) ? (value.toLowerCase() as Address) : undefined;
}

/** @see readAddress */
export function readHash(value: unknown): Hash | undefined {
  return isHex(value, 64) ? (value.toLowerCase() as Hash) : undefined;
}

/** At most 256 bits. Leading zeros are accepted, because some nodes send them. */
export function readQuantity(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^0x[0-9a-f]{1,64}$/i.test(value) ? BigInt(value) : undefined;
}

/** Undefined for a quantity that is no safe integer. */
export function readNumber(value: unknown): number | undefined {
  const number = Number(readQuantity(value) ?? NaN);
  return Number.isSafeInteger(number) ? number : undefined;
}

function isHex(value: unknown, digits: number): value is string {
  return typeof value === 'string' && value.length === 2 + digits && /^0x[0-9a-f]+$/i.test(value);
}

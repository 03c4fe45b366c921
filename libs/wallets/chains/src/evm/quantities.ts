/** Reads a JSON-RPC quantity (`0x` and hex without leading zeros) up to the largest safe integer; otherwise null. */
export function readQuantity(value: unknown): number | null {
  if (typeof value !== 'string' || !/^0x(?:0|[1-9a-f][0-9a-f]{0,13})$/i.test(value)) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}

/** Reads 32 bytes of hex as `0x` and lower case; null for any other value. */
export function readHash(value: unknown): string | null {
  return typeof value === 'string' && /^0x[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : null;
}

/** Reads at most `maxBytes` bytes of hex as `0x` and lower case; null for any other value. */
export function readBytes(value: unknown, maxBytes: number): string | null {
  if (typeof value !== 'string' || value.length > 2 + 2 * maxBytes) return null;
  return /^0x(?:[0-9a-f]{2})*$/i.test(value) ? value.toLowerCase() : null;
}

/** Reads an amount of the coin or of gas from a JSON-RPC quantity; null for any other value. */
export function readAmount(value: unknown): bigint | null {
  return typeof value === 'string' && /^0x(?:0|[1-9a-f][0-9a-f]{0,63})$/i.test(value) ? BigInt(value) : null;
}

/** Reads a number from the 32 bytes that a contract answers; null for any other value. */
export function readWord(value: unknown): bigint | null {
  return typeof value === 'string' && /^0x[0-9a-f]{64}$/i.test(value) ? BigInt(value) : null;
}

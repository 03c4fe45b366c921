/** A quantity of JSON-RPC (`0x` and hex without leading zeros) within the safe integers; null for anything else. */
export function readQuantity(value: unknown): number | null {
  if (typeof value !== 'string' || !/^0x(?:0|[1-9a-f][0-9a-f]{0,13})$/i.test(value)) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}

/** 32 bytes as `0x` and lower-case hex; null for anything else. */
export function readHash(value: unknown): string | null {
  return typeof value === 'string' && /^0x[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : null;
}

/** Bytes as `0x` and lower-case hex, at most `maxBytes`; null for anything else. */
export function readBytes(value: unknown, maxBytes: number): string | null {
  if (typeof value !== 'string' || value.length > 2 + 2 * maxBytes) return null;
  return /^0x(?:[0-9a-f]{2})*$/i.test(value) ? value.toLowerCase() : null;
}

/** An amount of the coin or of gas, as a quantity of JSON-RPC; null for anything else. */
export function readAmount(value: unknown): bigint | null {
  return typeof value === 'string' && /^0x(?:0|[1-9a-f][0-9a-f]{0,63})$/i.test(value) ? BigInt(value) : null;
}

/** A number as a contract answers it, in 32 bytes; null for anything else. */
export function readWord(value: unknown): bigint | null {
  return typeof value === 'string' && /^0x[0-9a-f]{64}$/i.test(value) ? BigInt(value) : null;
}

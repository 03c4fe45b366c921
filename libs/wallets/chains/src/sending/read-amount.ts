/** An amount of the coin or of gas, as a quantity of JSON-RPC; null for anything else. */
export function readAmount(value: unknown): bigint | null {
  return typeof value === 'string' && /^0x(?:0|[1-9a-f][0-9a-f]{0,63})$/i.test(value) ? BigInt(value) : null;
}

/** A number as a contract answers it, in 32 bytes; null for anything else. */
export function readWord(value: unknown): bigint | null {
  return typeof value === 'string' && /^0x[0-9a-f]{64}$/i.test(value) ? BigInt(value) : null;
}

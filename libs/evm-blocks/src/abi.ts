/** The number that a call answered: exactly 32 bytes. Undefined for anything else. */
export function decodeUint256(answer: string): bigint | undefined {
  throw new Error(answer);
}

/** What `decimals()` answered, 0 to 77. Undefined for anything else. */
export function decodeDecimals(answer: string): number | undefined {
  throw new Error(answer);
}

/**
 * What `symbol()`, `name()` or `tokenURI()` answered: a string, or 32 bytes as older tokens do. UTF-8, without control,
 * bidirectional and invisible characters. Undefined for anything else, and for more than `maxBytes`.
 */
export function decodeText(answer: string, maxBytes?: number): string | undefined {
  throw new Error(answer + String(maxBytes));
}

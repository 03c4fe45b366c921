import { MAX_DECIMALS } from '@countersign/chains';
import { decodeVisibleText } from '@countersign/text';

const MAX_BYTES = 256;

/** A name or symbol that any contract may choose: at most 256 bytes; null where no character of it is visible. */
export function readClaimedText(value: unknown): string | null {
  const bytes = typeof value === 'string' ? Buffer.from(value) : null;
  return bytes && bytes.length <= MAX_BYTES ? (decodeVisibleText(bytes) ?? null) : null;
}

/** Null for more digits than the largest amount has. */
export function readClaimedDecimals(value: number): number | null {
  return Number.isInteger(value) && value >= 0 && value <= MAX_DECIMALS ? value : null;
}

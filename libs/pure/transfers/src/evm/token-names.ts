import type { Hex } from 'viem';
import { decodeAbiParameters } from 'viem/utils';
import { decodeVisibleText } from '@countersign/text';
import { readHash } from './hex';

const MAX_DECIMALS = 77n;
const MAX_TEXT_BYTES = 256;
/** The limit of a text with its encoding. */
const MAX_ANSWER_LENGTH = 2 + 2 * 1_024;

/** The answer of `decimals()`, 0 to 77. Undefined for anything else. */
export function decodeDecimals(answer: string): number | undefined {
  const decimals = BigInt(readHash(answer) ?? -1);
  return decimals >= 0n && decimals <= MAX_DECIMALS ? Number(decimals) : undefined;
}

/**
 * The answer of `symbol()` or `name()`: a string, or 32 bytes in older tokens. In UTF-8, without control, bidirectional
 * and invisible characters. Undefined for anything else, for no visible text, and for more than 256 bytes.
 */
export function decodeText(answer: string): string | undefined {
  if (answer.length > MAX_ANSWER_LENGTH || !/^0x(?:[0-9a-f]{2})*$/i.test(answer)) return undefined;
  const bytes = readHash(answer) ? fixedBytes(answer) : stringBytes(answer);
  return bytes && bytes.length <= MAX_TEXT_BYTES ? decodeVisibleText(bytes) : undefined;
}

/** Text in 32 bytes, padded with zeros (MKR). */
function fixedBytes(answer: string): Buffer {
  const bytes = Buffer.from(answer.slice(2), 'hex');
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function stringBytes(answer: string): Buffer | undefined {
  try {
    const [bytes] = decodeAbiParameters([{ type: 'bytes' }], answer as Hex);
    return Buffer.from(bytes.slice(2), 'hex');
  } catch {
    return undefined;
  }
}

import { decodeVisibleText } from '@countersign/text';
import { ZERO_ADDRESS, type Address } from '../hex';

/** Hexadecimal digits of a word of 32 bytes. */
const WORD = 64;
const DIGITS = /^[0-9a-fA-F]*$/;
const ZEROS_BEFORE_ADDRESS = ZERO_ADDRESS.slice(2, 26);
const MAX_DECIMALS = 77;
const MAX_TEXT_BYTES = 256;

/** What a contract answered or logged, by words of 32 bytes. Nothing is copied before it is asked for. */
export class AbiWords {
  private constructor(
    private readonly hex: string,
    /** In bytes. */
    readonly length: number,
  ) {}

  /** Undefined for what is not whole bytes in hexadecimal digits. Their form is checked where they are read. */
  static of(hex: string): AbiWords | undefined {
    return hex.startsWith('0x') && hex.length % 2 === 0 ? new AbiWords(hex, hex.length / 2 - 1) : undefined;
  }

  /** @param at in bytes. Undefined beyond the end, and for what are no hexadecimal digits */
  uint(at: number): bigint | undefined {
    const digits = this.digits(at, WORD / 2);
    return digits === undefined ? undefined : BigInt(`0x${digits}`);
  }

  /** An offset or a length: undefined too when it points beyond the end. */
  size(at: number): number | undefined {
    const size = this.uint(at);
    return size !== undefined && size <= BigInt(this.length) ? Number(size) : undefined;
  }

  /** Undefined too where the twelve bytes before are not zero. */
  address(at: number): Address | undefined {
    const digits = this.digits(at, WORD / 2);
    if (!digits?.startsWith(ZEROS_BEFORE_ADDRESS)) return undefined;
    return `0x${digits.slice(ZEROS_BEFORE_ADDRESS.length).toLowerCase()}`;
  }

  bytes(at: number, length: number): Buffer | undefined {
    const digits = this.digits(at, length);
    return digits === undefined ? undefined : Buffer.from(digits, 'hex');
  }

  private digits(at: number, length: number): string | undefined {
    if (at < 0 || at + length > this.length) return undefined;
    const digits = this.hex.slice(2 + 2 * at, 2 + 2 * (at + length));
    return DIGITS.test(digits) ? digits : undefined;
  }
}

/** The number that a call answered: exactly 32 bytes. Undefined for anything else. */
export function decodeUint256(answer: string): bigint | undefined {
  const words = AbiWords.of(answer);
  return words?.length === WORD / 2 ? words.uint(0) : undefined;
}

/** What `decimals()` answered, 0 to 77. Undefined for anything else. */
export function decodeDecimals(answer: string): number | undefined {
  const decimals = decodeUint256(answer);
  return decimals !== undefined && decimals <= MAX_DECIMALS ? Number(decimals) : undefined;
}

/**
 * What `symbol()` or `name()` answered: a string, or 32 bytes as older tokens do. In UTF-8; control,
 * bidirectional and invisible characters are taken out. Undefined for anything else, for nothing that is seen, and for more
 * than 256 bytes.
 */
export function decodeText(answer: string): string | undefined {
  const words = AbiWords.of(answer);
  const bytes = words && (words.length === WORD / 2 ? fixedBytes(words) : stringBytes(words));
  return bytes && decodeVisibleText(bytes);
}

/** Text in 32 bytes, filled with zeros (MKR). */
function fixedBytes(words: AbiWords): Buffer | undefined {
  const bytes = words.bytes(0, WORD / 2);
  const end = bytes?.indexOf(0) ?? -1;
  return end < 0 ? bytes : bytes?.subarray(0, end);
}

function stringBytes(words: AbiWords): Buffer | undefined {
  const start = words.size(0);
  const length = start === undefined ? undefined : words.size(start);
  if (start === undefined || length === undefined || length > MAX_TEXT_BYTES) return undefined;
  return words.bytes(start + WORD / 2, length);
}

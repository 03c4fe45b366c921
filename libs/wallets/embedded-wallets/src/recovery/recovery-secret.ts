import { randomBytes } from 'node:crypto';
import { equalsConstantTime, sha256, tokenDigest } from '@countersign/crypto';

/** Crockford's base32: without I, L, O and U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SECRET_BYTES = 18;
const CHECKSUM_BYTES = 2;
const SYMBOLS = ((SECRET_BYTES + CHECKSUM_BYTES) * 8) / 5;
const FORM = new RegExp(`^[${ALPHABET}]{${SYMBOLS}}$`);
const GROUP = /.{4}(?=.)/g;

/** A recovery secret in eight groups of four letters and digits (144 random bits and a checksum of 16 bits), and its stored form. */
export function mintRecoverySecret(): { readonly secret: string; readonly digest: Buffer } {
  const bytes = randomBytes(SECRET_BYTES);
  const symbols = encode(Buffer.concat([bytes, checksumOf(bytes)]));
  return { secret: symbols.replace(GROUP, '$&-'), digest: tokenDigest(symbols) };
}

/**
 * The stored form of a recovery secret as a person typed it: upper or lower case, with or without spaces and hyphens, O for 0, I and L
 * for 1. Null for a text with a typing error.
 */
export function digestOfRecoverySecret(typed: string): Buffer | null {
  const symbols = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  if (!FORM.test(symbols)) return null;
  const bytes = decode(symbols);
  const secret = bytes.subarray(0, SECRET_BYTES);
  return equalsConstantTime(checksumOf(secret), bytes.subarray(SECRET_BYTES)) ? tokenDigest(symbols) : null;
}

function checksumOf(secret: Buffer): Buffer {
  return sha256(secret).subarray(0, CHECKSUM_BYTES);
}

function encode(bytes: Buffer): string {
  let symbols = '';
  for (let rest = BigInt(`0x${bytes.toString('hex')}`); symbols.length < SYMBOLS; rest >>= 5n)
    symbols = ALPHABET.charAt(Number(rest & 31n)) + symbols;
  return symbols;
}

function decode(symbols: string): Buffer {
  let bits = 0n;
  for (const symbol of symbols) bits = (bits << 5n) | BigInt(ALPHABET.indexOf(symbol));
  return Buffer.from(bits.toString(16).padStart((SYMBOLS * 5) / 4, '0'), 'hex');
}

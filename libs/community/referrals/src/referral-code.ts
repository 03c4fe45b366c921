import { randomInt } from 'node:crypto';

/** The alphabet lacks letters and digits that look alike: `i`, `l`, `o`, `0` and `1`. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
/** The code has 59 bits. It is not a secret, but nobody must guess it. */
const LENGTH = 12;
/** The test precedes the conversion to lower case, which turns some letters of other scripts into Latin ones. */
const CODE = new RegExp(`^[${ALPHABET}${ALPHABET.toUpperCase()}]{${LENGTH}}$`);

const PREFIX = 'r_';

export function newReferralCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

export function toStartParam(code: string): string {
  return PREFIX + code;
}

/** @returns the code as written, valid or not; `null` for a parameter that is not about referrals */
export function codeInStartParam(startParam: string | null): string | null {
  return startParam?.startsWith(PREFIX) ? startParam.slice(PREFIX.length) : null;
}

/** Returns the code in its stored form in lower case, or `null` for an invalid code. */
export function readReferralCode(written: string): string | null {
  return CODE.test(written) ? written.toLowerCase() : null;
}

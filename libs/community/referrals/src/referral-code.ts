import { randomInt } from 'node:crypto';

/** Without letters and digits that look alike: `i`, `l`, `o`, `0` and `1`. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
/** 59 bits: a code is no secret, but must not be guessed. */
const LENGTH = 12;
/** Tested before conversion to lower case, which turns some letters of other scripts into Latin ones. */
const CODE = new RegExp(`^[${ALPHABET}${ALPHABET.toUpperCase()}]{${LENGTH}}$`);

const PREFIX = 'r_';

export function newReferralCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

export function toStartParam(code: string): string {
  return PREFIX + code;
}

/** @returns the code as it was written, right or wrong; `null` for a parameter that is not about referrals */
export function codeInStartParam(startParam: string | null): string | null {
  return startParam?.startsWith(PREFIX) ? startParam.slice(PREFIX.length) : null;
}

/** The code as it is stored, in lower case. @returns `null` for what cannot be one */
export function readReferralCode(written: string): string | null {
  return CODE.test(written) ? written.toLowerCase() : null;
}

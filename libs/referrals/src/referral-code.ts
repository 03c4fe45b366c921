import { randomInt } from 'node:crypto';

/** Letters and digits that no font and no reader mixes up: neither `i`, `l`, `o` nor `0`, `1`. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
/** 59 bits: a code is no secret, but it must not be found by trying. */
const LENGTH = 12;
/** Tested before letters are made small: signs of other scripts become letters of ours by that. */
const CODE = new RegExp(`^[${ALPHABET}${ALPHABET.toUpperCase()}]{${LENGTH}}$`);

/** How a start parameter says that it carries a code. */
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

/** The code as it is stored: capitals count as small letters. @returns `null` for what cannot be one */
export function readReferralCode(written: string): string | null {
  return CODE.test(written) ? written.toLowerCase() : null;
}

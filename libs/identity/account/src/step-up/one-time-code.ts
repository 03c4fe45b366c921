import { randomInt } from 'node:crypto';
import { sha256 } from '@countersign/crypto';

const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789';
const LENGTH = 24;
const CODE = /^[A-Za-z0-9]{24}$/;

export const CODE_SECONDS = 600;

/** A code has 24 letters and digits that do not look alike: 138 random bits. */
export function mintCode(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

export function isCode(text: string): boolean {
  return CODE.test(text);
}

export function digestOfCode(code: string): Buffer {
  return sha256(code);
}

/** The prefixes of the `startapp` parameter, by the purpose of its code. */
const prefixes = { 'step-up': 's_', join: 'j_', login: 'o_' } as const;
type CodePurpose = keyof typeof prefixes;

export function startParameterOf(purpose: CodePurpose, code: string): string {
  return prefixes[purpose] + code;
}

export function codeInStartParam(purpose: CodePurpose, startParam: string | null): string | null {
  if (!startParam?.startsWith(prefixes[purpose])) return null;
  const code = startParam.slice(prefixes[purpose].length);
  return isCode(code) ? code : null;
}

/** Whether a start parameter has a code that its page has to act on. */
export function carriesCode(startParam: string | null): boolean {
  const purposes = Object.keys(prefixes) as CodePurpose[];
  return purposes.some((purpose) => codeInStartParam(purpose, startParam) !== null);
}

import { randomInt } from 'node:crypto';

const KEY_ID = /^[a-z0-9]{1,16}$/;

/** At most 16 lower-case letters and digits, so never `_` or `:`. */
export function isKeyId(text: string): boolean {
  return KEY_ID.test(text);
}

const DIGITS = 7;

/** `letter` and seven random base-36 digits. An id is public: it only has to be rare. */
export function randomKeyId(letter: string): string {
  const digits = randomInt(36 ** DIGITS).toString(36);
  return letter + digits.padStart(DIGITS, '0');
}

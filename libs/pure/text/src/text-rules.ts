/** C0, DEL and C1. Telegram never sends them, and a line feed would forge the check string. */
export function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/** Half of a surrogate pair: UTF-8 and PostgreSQL cannot store it. */
export function hasLoneSurrogate(text: string): boolean {
  return !text.isWellFormed();
}

const encoder = new TextEncoder();

/** In UTF-8, in Node and in browsers. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** In bytes of UTF-8. A code unit has at most three. */
export function isLongerThan(bytes: number, text: string): boolean {
  return text.length > bytes || (text.length * 3 > bytes && byteLength(text) > bytes);
}

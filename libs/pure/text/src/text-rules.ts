/** C0, DEL and C1. None of them occurs in what Telegram sends, and a line feed would forge the check string. */
export function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/** Half of a surrogate pair: no Unicode text, and nothing that UTF-8 or PostgreSQL could store. */
export function hasLoneSurrogate(text: string): boolean {
  return !text.isWellFormed();
}

const encoder = new TextEncoder();

/** In bytes of UTF-8, in Node and in browsers. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** In bytes of UTF-8, of which a code unit has three at most. */
export function isLongerThan(bytes: number, text: string): boolean {
  return text.length > bytes || (text.length * 3 > bytes && byteLength(text) > bytes);
}

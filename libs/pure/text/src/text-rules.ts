/** C0, DEL and C1. None of them occurs in what Telegram sends, and a line feed would forge the check string. */
export function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/** Half of a surrogate pair: no Unicode text, and nothing that UTF-8 or PostgreSQL could store. */
export function hasLoneSurrogate(text: string): boolean {
  return !text.isWellFormed();
}

/** In bytes of UTF-8. */
export function isLongerThan(bytes: number, text: string): boolean {
  return text.length > bytes || Buffer.byteLength(text, 'utf8') > bytes;
}

/** Whether `text` has a UTF-8 form at all: a lone surrogate has none, and Node would write U+FFFD for it. */
export function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}

/** The UTF-8 bytes of `text`. Throws a `TypeError` where two different texts would get the same bytes. */
export function utf8(text: string): Buffer {
  if (!isWellFormed(text)) throw new TypeError('the text holds a lone surrogate');
  return Buffer.from(text, 'utf8');
}

/**
 * The UTF-8 bytes of `text`. Throws a `TypeError` for a lone surrogate: it has none, and Node would write U+FFFD, which is
 * another text.
 */
export function utf8(text: string): Buffer {
  if (!text.isWellFormed()) throw new TypeError('the text holds a lone surrogate');
  return Buffer.from(text, 'utf8');
}

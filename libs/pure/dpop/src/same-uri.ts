/** An authority without user information, and a path perhaps. */
const HTTP_ADDRESS = /^https?:\/\/[^/@]+(?:\/|$)/i;
/** No URL has a backslash; the parser would turn it into a slash, and drop line breaks. */
const PRINTABLE_WITHOUT_BACKSLASH = /^[\x21-\x5b\x5d-\x7e]+$/;
/** RFC 3986, section 2.3. */
const UNRESERVED = /[A-Za-z0-9._~-]/;

/**
 * Whether two absolute HTTP URLs name the same address, without query and fragment (RFC 9449, section 4.3).
 * Spellings are equivalent by the syntax and scheme of the URL only (RFC 3986, sections 6.2.2 and 6.2.3):
 * `/a` and `/a/` differ. Other texts, and URLs with user information, equal nothing.
 */
export function isSameUri(one: string, other: string): boolean {
  const normalized = normalizedUri(one);
  return normalized !== undefined && normalized === normalizedUri(other);
}

function normalizedUri(text: string): string | undefined {
  const address = text.replace(/[?#].*$/s, '');
  if (!HTTP_ADDRESS.test(address) || !PRINTABLE_WITHOUT_BACKSLASH.test(address)) return undefined;
  if (!URL.canParse(address)) return undefined;
  const { origin, pathname } = new URL(address);
  return origin + pathname.replace(/%[0-9a-f]{2}/gi, normalizedOctet);
}

function normalizedOctet(encoded: string): string {
  const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
  return UNRESERVED.test(character) ? character : encoded.toUpperCase();
}

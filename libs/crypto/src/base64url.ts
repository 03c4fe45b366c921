/**
 * Decodes base64url without padding (RFC 4648, section 5).
 * Null unless `text` is the one canonical spelling of its bytes: Node itself skips what it cannot read.
 */
export function decodeBase64url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

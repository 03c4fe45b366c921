/** Without padding, and with the spare bits of the last character zero: Node itself skips what it cannot read. */
export function decodeBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

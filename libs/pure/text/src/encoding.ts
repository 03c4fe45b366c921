const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Decodes base64url without padding (RFC 4648, section 5).
 * Undefined unless `text` is the one canonical spelling of its bytes: Node itself skips invalid characters.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/**
 * Decodes base64 of a stranger, in Node and in browsers: of either alphabet (RFC 4648, sections 4 and 5), padded or not.
 * Undefined for other spellings, and for both alphabets in one text.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (/[-_]/.test(text) && /[+/]/.test(text)) return undefined;
  const standard = text.replaceAll('-', '+').replaceAll('_', '/');
  try {
    const characters = atob(standard);
    const canonical = btoa(characters);
    if (standard !== canonical && standard !== canonical.replace(/={1,2}$/, '')) return undefined;
    const bytes = new Uint8Array(characters.length);
    for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at);
    return bytes;
  } catch {
    return undefined;
  }
}

/** The bytes of an even number of hex digits. */
export function decodeHex(digits: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(digits.length >> 1);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** The text of UTF-8 bytes, its byte order mark included; undefined for bytes that are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Characters that are not seen, that order others anew, or that no font has; line breaks too. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * What is seen of the text of a stranger, in UTF-8: control, bidirectional and invisible characters are taken out, and
 * white space is one space. Undefined for bytes that are not UTF-8, and for nothing that is seen.
 */
export function decodeVisibleText(bytes: Uint8Array): string | undefined {
  const text = decodeUtf8(bytes)?.replaceAll(/\s+/gu, ' ').replaceAll(HIDDEN, '').trim();
  return text === '' ? undefined : text;
}

/** One name or value of form-encoded text. Undefined for bad percent-encoding and bytes that are not UTF-8. */
export function formDecoded(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}

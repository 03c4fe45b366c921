const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** base64url (RFC 4648, section 5). Undefined unless the spelling is canonical: Node skips invalid characters. */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** Decodes either alphabet (RFC 4648), padded or not. Undefined for other spellings, and for mixed alphabets. */
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

/** The number of digits must be even. */
export function decodeHex(digits: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(digits.length >> 1);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** Keeps a byte order mark. Undefined for bytes that are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Characters that are invisible, reorder text, or have no font; also line breaks. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Removes control, bidirectional and invisible characters. Undefined for no UTF-8 or no visible text. */
export function decodeVisibleText(bytes: Uint8Array): string | undefined {
  const text = decodeUtf8(bytes)?.replaceAll(/\s+/gu, ' ').replaceAll(HIDDEN, '').trim();
  return text === '' ? undefined : text;
}

/** A name or value of form-encoded text. Undefined for bad percent-encoding and bytes that are not UTF-8. */
export function formDecoded(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}

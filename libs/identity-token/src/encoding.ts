import { base64url } from 'jose';

/** The order mark stays, and is no JSON; bytes that are not UTF-8 are refused, not replaced. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Undefined unless it is without padding and the spare bits of the last character are zero: one spelling each. */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  try {
    const bytes = base64url.decode(text);
    return base64url.encode(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** The members of a JSON object in UTF-8, or undefined for anything else. */
export function readJsonObject(bytes: Uint8Array): ReadonlyMap<string, unknown> | undefined {
  try {
    return membersOf(JSON.parse(utf8.decode(bytes)));
  } catch {
    return undefined;
  }
}

/** The members of an object, or undefined for anything else. */
export function membersOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? new Map(Object.entries(value)) : undefined;
}

/** Whether it can be the name of something: a user, a session, a key. */
export function isName(value: unknown): value is string {
  // eslint-disable-next-line no-control-regex -- these are what no name has
  return typeof value === 'string' && /^[^\u0000-\u001f\u007f]{1,256}$/.test(value);
}

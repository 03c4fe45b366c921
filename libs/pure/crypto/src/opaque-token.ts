import { decodeBase64url } from '@countersign/text';
import { equalsConstantTime } from './constant-time';
import { hmacSha256, sha256 } from './hash';
import type { KeyRing } from './keys/key-ring';

const TAG_BYTES = 8;
const PREFIX = /^[a-z0-9]+(?:_[a-z0-9]+)*$/;

/**
 * `<prefix>_<keyId>_<base64url of body and tag>` under a token key. The tag (the first 8 bytes of HMAC-SHA256) is no
 * authorisation: it refuses junk without a query. The body must be random. Throws a `TypeError` unless `prefix` is
 * lower-case words joined by `_`.
 */
export function mintToken(ring: KeyRing, prefix: string, body: Buffer, key = ring.active('token')): string {
  if (!PREFIX.test(prefix)) throw new TypeError('the prefix of a token is lower-case words joined by _');
  const head = `${prefix}_${key.id}_`;
  const tag = hmacSha256(key.secret, head, body).subarray(0, TAG_BYTES);
  return head + Buffer.concat([body, tag]).toString('base64url');
}

interface DecodedToken {
  readonly body: Buffer;
  /** Constant time in the tag. */
  isGenuine(): boolean;
}

/** The body of a token of this ring, prefix and `bodyLength` (bytes), else null. Constant time in the tag. */
export function readToken(ring: KeyRing, prefix: string, bodyLength: number, text: unknown): Buffer | null {
  const decoded = decodeToken(ring, prefix, bodyLength, text);
  return decoded?.isGenuine() ? decoded.body : null;
}

/** Does not check the tag: compare the text's digest. Null for another format. Throws only with a withheld ring. */
export function decodeToken(
  ring: KeyRing,
  prefix: string,
  bodyLength: number,
  text: unknown,
): DecodedToken | null {
  if (typeof text !== 'string' || !text.startsWith(`${prefix}_`)) return null;
  // base64url contains `_` too, so the known length of the rest delimits the key id.
  const encodedStart = text.length - Math.ceil(((bodyLength + TAG_BYTES) * 4) / 3);
  const head = text.slice(0, encodedStart);
  const key = ring.find('token', head.slice(prefix.length + 1, -1));
  if (!key || !head.endsWith('_')) return null;

  const bytes = decodeBase64url(text.slice(encodedStart));
  if (bytes?.length !== bodyLength + TAG_BYTES) return null;
  const body = bytes.subarray(0, bodyLength);
  const isGenuine = (): boolean => {
    const tag = hmacSha256(key.secret, head, body).subarray(0, TAG_BYTES);
    return equalsConstantTime(tag, bytes.subarray(bodyLength));
  };
  return { body, isGenuine };
}

/** The stored form of a token: SHA-256 of its whole text, 32 bytes. */
export function tokenDigest(token: string): Buffer {
  return sha256(token);
}

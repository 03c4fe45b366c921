import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto';

/** Throws a `TypeError` for a lone surrogate: Node would write U+FFFD, which is another text. */
export function utf8(text: string): Buffer {
  if (!text.isWellFormed()) throw new TypeError('the text holds a lone surrogate');
  return Buffer.from(text, 'utf8');
}

const LENGTH_BYTES = 4;
const KEY_BYTES = 32;
const NO_SALT = Buffer.alloc(0);

/** SHA-256 (FIPS 180-4), 32 bytes. Text is hashed as UTF-8. */
export function sha256(data: string | Buffer): Buffer {
  // It comes from Node's pool: a separate allocation costs the garbage collector more than the digest.
  return Buffer.from(hash('sha256', data, 'binary'), 'latin1');
}

/** HMAC-SHA256 (RFC 2104) over the concatenated parts, 32 bytes. Text is UTF-8. */
export function hmacSha256(key: KeyObject, ...parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/** A key of 32 bytes by HKDF-SHA256 (RFC 5869). Keys with different `info` reveal nothing about each other. */
export function hkdfSha256(secret: KeyObject | Buffer, info: string, salt: Buffer = NO_SALT): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, utf8(info), KEY_BYTES));
}

/** HKDF-Expand (RFC 5869, sections 2.3, 3.3) of a random secret. Throws a `RangeError` if it is below 32 bytes. */
export function expandSha256(secret: Buffer, info: string | Buffer, length: number): Buffer {
  if (secret.length < KEY_BYTES) throw new RangeError('the secret to expand is too short');
  const key = createSecretKey(secret);
  const blocks: Buffer[] = [];
  for (let at = 0; at < length; at += KEY_BYTES)
    blocks.push(hmacSha256(key, blocks.at(-1) ?? '', info, Buffer.from([blocks.length + 1])));
  return Buffer.concat(blocks, length);
}

/** Length prefixes (4 bytes, big-endian) keep lists from colliding. Throws a `TypeError` for a lone surrogate. */
export function lengthPrefixed(parts: readonly (string | Buffer)[]): Buffer {
  const pieces = parts.map((part) => (typeof part === 'string' ? utf8(part) : part));
  const length = pieces.reduce((sum, piece) => sum + LENGTH_BYTES + piece.length, 0);
  const whole = Buffer.allocUnsafe(length);
  let at = 0;
  for (const piece of pieces) {
    at = whole.writeUInt32BE(piece.length, at);
    at += piece.copy(whole, at);
  }
  return whole;
}

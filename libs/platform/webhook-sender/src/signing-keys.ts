import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/errors';

/**
 * Why the text of a secret is refused. `prefix`: it begins with `whsec_`. `base64`: padded base64 (RFC 4648 section 4)
 * follows. `length`: of 24 to 64 bytes.
 */
type SigningKeyRefusal = 'prefix' | 'base64' | 'length';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

/** A new secret: `whsec_` and 32 random bytes in base64. */
export function generateSigningSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/**
 * Reads a `whsec_` secret.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md "Signature scheme"
 */
export function parseSigningKey(text: string): Result<KeyObject, SigningKeyRefusal> {
  if (!text.startsWith(PREFIX)) return refused('prefix');
  const encoded = text.slice(PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64');
  // `Buffer.from` ignores what it does not know.
  if (bytes.toString('base64') !== encoded) return refused('base64');
  if (bytes.length < MIN_SECRET_BYTES || bytes.length > MAX_SECRET_BYTES) return refused('length');
  return accepted(createSecretKey(bytes));
}

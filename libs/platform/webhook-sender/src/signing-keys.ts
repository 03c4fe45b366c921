import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/errors';

/** A sender's key. Its text form is a secret. */
export interface SigningKey {
  /** `v1`: HMAC-SHA256. `v1a`: Ed25519. */
  readonly version: 'v1' | 'v1a';
  readonly key: KeyObject;
}

/**
 * Why the text of a key is refused. `prefix`: a secret begins with `whsec_`, a private key with `whsk_`. `base64`: padded
 * base64 (RFC 4648 section 4) follows. `length`: a secret has 24 to 64 bytes, a private key 64. `key_pair`: the last 32
 * bytes of a private key are not its public key.
 */
type SigningKeyRefusal = 'prefix' | 'base64' | 'length' | 'key_pair';

const SECRET_BYTES = 32;
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
const SEED_BYTES = 32;
const PUBLIC_KEY_BYTES = 32;

/** DER of an Ed25519 key up to its raw bytes (RFC 8410 sections 4 and 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** A new symmetric secret: `whsec_` and 32 random bytes in base64. */
export function generateSigningSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** A new Ed25519 key pair: `whsk_` with seed and public key, and `whpk_` with the public key. */
export function generateSigningKeyPair(): { readonly privateKey: string; readonly publicKey: string } {
  const pair = generateKeyPairSync('ed25519');
  const seed = pair.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PKCS8_PREFIX.length);
  const publicBytes = rawPublicKey(pair.publicKey);
  return {
    privateKey: `whsk_${Buffer.concat([seed, publicBytes]).toString('base64')}`,
    publicKey: `whpk_${publicBytes.toString('base64')}`,
  };
}

/**
 * Reads a `whsec_` secret or a `whsk_` private key.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md "Signature scheme"
 */
export function parseSigningKey(text: string): Result<SigningKey, SigningKeyRefusal> {
  if (text.startsWith('whsec_')) return parseSecret(text);
  if (text.startsWith('whsk_')) return parsePrivateKey(text);
  return refused('prefix');
}

function parseSecret(text: string): Result<SigningKey, SigningKeyRefusal> {
  const bytes = base64Bytes(text);
  if (bytes === null) return refused('base64');
  if (bytes.length < MIN_SECRET_BYTES || bytes.length > MAX_SECRET_BYTES) return refused('length');
  return accepted({ version: 'v1', key: createSecretKey(bytes) });
}

function parsePrivateKey(text: string): Result<SigningKey, SigningKeyRefusal> {
  const bytes = base64Bytes(text);
  if (bytes === null) return refused('base64');
  if (bytes.length !== SEED_BYTES + PUBLIC_KEY_BYTES) return refused('length');
  const der = Buffer.concat([PKCS8_PREFIX, bytes.subarray(0, SEED_BYTES)]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  if (!rawPublicKey(createPublicKey(key)).equals(bytes.subarray(SEED_BYTES))) return refused('key_pair');
  return accepted({ version: 'v1a', key });
}

/** Null for text that is not exactly the base64 of some bytes: `Buffer.from` ignores what it does not know. */
function base64Bytes(text: string): Buffer | null {
  const encoded = text.slice(text.indexOf('_') + 1);
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.toString('base64') === encoded ? bytes : null;
}

function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
}

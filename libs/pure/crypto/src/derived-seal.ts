import { decodeBase64url } from '@countersign/text';
import { decrypt, encrypt } from './aead';
import { hkdfSha256, utf8 } from './hash';
import type { KeyRing, RingKey } from './keys/key-ring';
import { deriveMacKey } from './keys/mac-key';
import { SealError, unlessSealed } from './seal-error';

declare const brand: unique symbol;

/** The result of `sealUnder`: the type keeps it apart from bytes in clear. */
export type SealedBytes = Buffer & { readonly [brand]: 'sealed' };

const MIN_SECRET_BYTES = 16;

/**
 * Seals bytes under a key from a secret that is not stored (a client's token), so that a database dump opens nothing.
 * HKDF-SHA256 (RFC 5869) with `purpose` as info gives an AES-256-GCM key. The result is nonce (12 bytes), ciphertext,
 * tag (16). Throws a `RangeError` for a secret below 16 bytes: HKDF does not strengthen a password.
 * @param ringKey the key is extracted from it, with the secret as salt: then neither a dump nor the ring alone opens
 * the bytes
 */
export function sealUnder(
  secret: Buffer,
  purpose: string,
  plaintext: Buffer,
  associatedData: string,
  ringKey?: RingKey,
): SealedBytes {
  if (secret.length < MIN_SECRET_BYTES) throw new RangeError('the secret to seal under is too short');
  const key = derived(secret, purpose, ringKey);
  // oxlint-disable-next-line core/no-restricted-syntax -- the one place that makes sealed bytes
  return encrypt(key, plaintext, utf8(associatedData)) as SealedBytes;
}

/** Opens the result of `sealUnder`. Throws a `SealError` (`tampered`) unless all inputs are the same. */
export function openUnder(
  secret: Buffer,
  purpose: string,
  blob: Buffer,
  associatedData: string,
  ringKeys: readonly (RingKey | undefined)[] = [undefined],
): Buffer {
  for (const ringKey of ringKeys) {
    const plaintext = decrypt(derived(secret, purpose, ringKey), blob, utf8(associatedData));
    if (plaintext !== null) return plaintext;
  }
  throw new SealError('tampered');
}

function derived(secret: Buffer, purpose: string, ringKey: RingKey | undefined): Buffer {
  return ringKey ? hkdfSha256(ringKey.secret, purpose, secret) : hkdfSha256(secret, purpose);
}

const TOKEN = /^([a-z]+)_([a-z0-9]{1,32})_([A-Za-z0-9_-]{1,600})$/;

/** Seals a text as a token for one purpose, which only this ring opens: `<prefix>_<keyId>_<base64url>`. */
export function sealToken(ring: KeyRing, prefix: string, purpose: string, text: string): string {
  const key = ring.active('token');
  const sealed = sealUnder(secretOf(key, purpose), purpose, Buffer.from(text), key.id);
  return `${prefix}_${key.id}_${sealed.toString('base64url')}`;
}

/** `null` for any other text. */
export function openToken(ring: KeyRing, prefix: string, purpose: string, token: string): string | null {
  const [, named, keyId = '', text = ''] = TOKEN.exec(token) ?? [];
  const key = named === prefix ? ring.find('token', keyId) : undefined;
  const sealed = decodeBase64url(text);
  if (!key || !sealed) return null;
  return unlessSealed(() => openUnder(secretOf(key, purpose), purpose, sealed, key.id).toString());
}

function secretOf(key: RingKey, purpose: string): Buffer {
  return deriveMacKey(key, purpose).secret.export();
}

import { decrypt, encrypt } from './aead';
import { hkdfSha256 } from './hash';
import type { RingKey } from './keys/key-ring';
import { SealError } from './seal-error';
import { utf8 } from './utf8';

declare const brand: unique symbol;

/** What `sealUnder` and `sealUnderBoth` made: a type distinct from bytes in clear. */
export type SealedBytes = Buffer & { readonly [brand]: 'sealed' };

const MIN_SECRET_BYTES = 16;

/**
 * Seals bytes under a key derived from a secret that is not stored (a token held by its client), so that a
 * database dump opens nothing. HKDF-SHA256 (RFC 5869) without salt and with `purpose` as info gives an
 * AES-256-GCM key; the result is nonce (12 bytes), ciphertext, tag (16). Throws a `RangeError` for a secret
 * below 16 bytes: HKDF does not strengthen a password.
 */
export function sealUnder(
  secret: Buffer,
  purpose: string,
  plaintext: Buffer,
  associatedData: string,
): SealedBytes {
  assertLongEnough(secret);
  return sealedWith(hkdfSha256(secret, purpose), plaintext, associatedData);
}

/** Opens what `sealUnder` sealed. Throws a `SealError` (`tampered`) unless all of its inputs are the same. */
export function openUnder(secret: Buffer, purpose: string, blob: Buffer, associatedData: string): Buffer {
  const plaintext = decrypt(hkdfSha256(secret, purpose), blob, utf8(associatedData));
  if (plaintext === null) throw new SealError('tampered');
  return plaintext;
}

/**
 * Like `sealUnder`, under a key derived from the secret and a key of the ring: neither a dump without the
 * ring nor the ring without the secret opens it. HKDF-SHA256 extracts from the ring's key with the secret as
 * salt.
 */
export function sealUnderBoth(
  { secret: ringSecret }: RingKey,
  secret: Buffer,
  purpose: string,
  plaintext: Buffer,
  associatedData: string,
): SealedBytes {
  assertLongEnough(secret);
  return sealedWith(hkdfSha256(ringSecret, purpose, secret), plaintext, associatedData);
}

/**
 * Opens what `sealUnderBoth` sealed with one of the keys. Throws a `SealError` (`tampered`) when any input
 * differs.
 */
export function openUnderBoth(
  keys: readonly RingKey[],
  secret: Buffer,
  purpose: string,
  blob: Buffer,
  associatedData: string,
): Buffer {
  for (const { secret: ringSecret } of keys) {
    const plaintext = decrypt(hkdfSha256(ringSecret, purpose, secret), blob, utf8(associatedData));
    if (plaintext !== null) return plaintext;
  }
  throw new SealError('tampered');
}

function sealedWith(key: Buffer, plaintext: Buffer, associatedData: string): SealedBytes {
  // oxlint-disable-next-line core/no-restricted-syntax -- the one place that makes sealed bytes
  return encrypt(key, plaintext, utf8(associatedData)) as SealedBytes;
}

function assertLongEnough(secret: Buffer): void {
  if (secret.length < MIN_SECRET_BYTES) throw new RangeError('the secret to seal under is too short');
}

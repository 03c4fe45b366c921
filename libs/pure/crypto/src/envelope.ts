import type { KeyObject } from 'node:crypto';
import { decodeBase64url } from '@countersign/text';
import { decrypt, EMPTY_BOX_BYTES, encrypt } from './aead';
import { lengthPrefixed, utf8 } from './hash';
import { isKeyId } from './keys/key-id';
import type { KeyRing } from './keys/key-ring';
import { SealError } from './seal-error';

/**
 * Sealed text: version, key id, base64url of nonce, ciphertext and tag. Only `seal` and `sealBytes` make it:
 * type assertions elsewhere do not pass lint. A template, not a branded string: TypeORM's partial types take a
 * brand apart and accept any string for it.
 */
export type Sealed = `v1:${string}:${string}`;

/** The associated data of a sealed value: it opens in this row only. */
export interface AssociatedData {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/** What seals and opens: a key of the ring's purpose `sealing`, or a user's data key. */
export interface SealingKey {
  readonly id: string;
  /** 32 bytes. */
  readonly secret: KeyObject;
}

/** One key, or those of the ring: the active one seals, all of them open. */
export type SealingKeys = SealingKey | Pick<KeyRing, 'active' | 'find'>;

const VERSION = 'v1';

/**
 * Seals a text for one row, with AES-256-GCM (NIST SP 800-38D). The same text seals differently every time.
 * Throws a `TypeError` for text that UTF-8 cannot carry (a lone surrogate): it would not open as it was.
 */
export function seal(keys: SealingKeys, aad: AssociatedData, plaintext: string): Sealed {
  return sealBytes(keys, aad, utf8(plaintext));
}

export function sealBytes(keys: SealingKeys, aad: AssociatedData, plaintext: Buffer): Sealed {
  const key = 'active' in keys ? keys.active('sealing') : keys;
  if (!isKeyId(key.id)) throw new TypeError('the id of a sealing key is not a key id');
  const box = encrypt(key.secret, plaintext, encoded(key.id, aad));
  return `${VERSION}:${key.id}:${box.toString('base64url')}`;
}

/** Opens what `seal` sealed with this associated data. Throws a `SealError` when it cannot. */
export function open(keys: SealingKeys, aad: AssociatedData, sealed: Sealed): string {
  return openBytes(keys, aad, sealed).toString('utf8');
}

export function openBytes(keys: SealingKeys, aad: AssociatedData, sealed: Sealed): Buffer {
  const { keyId, box } = parse(sealed);
  const found = 'find' in keys ? keys.find('sealing', keyId) : keys;
  if (found?.id !== keyId) throw new SealError('unknown_key', keyId);
  const plaintext = decrypt(found.secret, box, encoded(keyId, aad));
  if (plaintext === null) throw new SealError('tampered');
  return plaintext;
}

function parse(sealed: Sealed): { keyId: string; box: Buffer } {
  const [version, keyId = '', encoded = '', ...rest] = sealed.split(':', 4);
  const box = decodeBase64url(encoded);
  const isEnvelope = version === VERSION && isKeyId(keyId) && rest.length === 0;
  if (!isEnvelope || box === undefined || box.length < EMPTY_BOX_BYTES) throw new SealError('malformed');
  return { keyId, box };
}

function encoded(keyId: string, aad: AssociatedData): Buffer {
  return lengthPrefixed([VERSION, keyId, aad.table, aad.column, aad.row]);
}

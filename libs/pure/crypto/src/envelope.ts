import type { KeyObject } from 'node:crypto';
import { decodeBase64url } from '@countersign/text';
import { decrypt, EMPTY_BOX_BYTES, encrypt } from './aead';
import { lengthPrefixed, utf8 } from './hash';
import { isKeyId } from './keys/key-id';
import type { KeyRing } from './keys/key-ring';
import { SealError } from './seal-error';

/**
 * Sealed text: version, key id, base64url of nonce, ciphertext and tag. Only `seal` and `sealBytes` make it, and lint
 * forbids type assertions elsewhere. It is a template because TypeORM's partial types would accept any string for a
 * branded string.
 */
export type Sealed = `v1:${string}:${string}`;

/** The associated data of a sealed value: the value opens only in this row. */
export interface AssociatedData {
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/** A key of the ring's purpose `sealing`, or a user's data key. */
export interface SealingKey {
  readonly id: string;
  /** 32 bytes. */
  readonly secret: KeyObject;
}

/** One key, or the keys of the ring: the active one seals, all of them open. */
export type SealingKeys = SealingKey | Pick<KeyRing, 'active' | 'find'>;

const VERSION = 'v1';

/** AES-256-GCM (NIST SP 800-38D) for one row; each result differs. Throws a `TypeError` for a lone surrogate. */
export function seal(keys: SealingKeys, aad: AssociatedData, plaintext: string): Sealed {
  return sealBytes(keys, aad, utf8(plaintext));
}

export function sealBytes(keys: SealingKeys, aad: AssociatedData, plaintext: Buffer): Sealed {
  const key = 'active' in keys ? keys.active('sealing') : keys;
  if (!isKeyId(key.id)) throw new TypeError('the id of a sealing key is not a key id');
  const box = encrypt(key.secret, plaintext, encoded(key.id, aad));
  return `${VERSION}:${key.id}:${box.toString('base64url')}`;
}

/** Throws a `SealError` when the text cannot be opened with this associated data. */
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

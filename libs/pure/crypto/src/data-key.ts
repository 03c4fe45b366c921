import { createSecretKey, randomBytes } from 'node:crypto';
import {
  openBytes,
  sealBytes,
  type AssociatedData,
  type Sealed,
  type SealingKey,
  type SealingKeys,
} from './envelope';
import { randomKeyId } from './keys/key-id';
import { SealError } from './seal-error';

/** The key of one user's fields. Destroying its wrapped form erases the fields. Safe to print. */
export interface DataKey extends SealingKey {
  readonly purpose: 'data';
}

const SECRET_BYTES = 32;
const ID_BYTES = 8;
const ID = /^d[a-z0-9]{7}$/;

/** Whether the id is that of a data key. Otherwise it is that of a key of the ring. */
export function isDataKeyId(keyId: string): boolean {
  return ID.test(keyId);
}

/** A random data key and its stored form, which the ring or another data key wraps. */
export function createDataKey(keys: SealingKeys, aad: AssociatedData): { dataKey: DataKey; wrapped: Sealed } {
  const plain = Buffer.concat([Buffer.from(randomKeyId('d'), 'latin1'), randomBytes(SECRET_BYTES)]);
  return { dataKey: toDataKey(plain), wrapped: sealBytes(keys, aad, plain) };
}

/** Throws a `SealError`; with `malformed` also when the content is no data key. */
export function unwrapDataKey(keys: SealingKeys, aad: AssociatedData, wrapped: Sealed): DataKey {
  return toDataKey(openBytes(keys, aad, wrapped));
}

/** The keys that wrap a data key, and its location. */
type Wrapping = readonly [keys: SealingKeys, aad: AssociatedData];

/** Wraps a data key again. Values under it stay as they are. Throws like `unwrapDataKey`. */
export function rewrapDataKey(from: Wrapping, to: Wrapping, wrapped: Sealed): Sealed {
  const plain = openBytes(...from, wrapped);
  toDataKey(plain);
  return sealBytes(...to, plain);
}

/** `plain` is the id (8 ASCII characters) and the secret. */
function toDataKey(plain: Buffer): DataKey {
  const id = plain.toString('latin1', 0, ID_BYTES);
  if (plain.length !== ID_BYTES + SECRET_BYTES || !ID.test(id)) throw new SealError('malformed');
  return Object.freeze({ id, purpose: 'data', secret: createSecretKey(plain.subarray(ID_BYTES)) });
}

import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { KeyRing } from './keys/key-ring';
import { openBytes, sealBytes, type AssociatedData, type Sealed, type SealingKey } from './envelope';
import { randomKeyId, type RandomSource } from './random';
import { SealError } from './seal-error';

/** The key of one user's fields. Destroying its wrapped form erases them. Safe to print. */
export interface DataKey {
  readonly id: string;
  readonly purpose: 'data';
  /** 32 bytes. */
  readonly secret: KeyObject;
}

const SECRET_BYTES = 32;
const ID_BYTES = 8;
const ID = /^d[a-z0-9]{7}$/;

/** Whether a key id is that of a data key, rather than of a key of the ring. */
export function isDataKeyId(keyId: string): boolean {
  return ID.test(keyId);
}

/** A new random data key, and its stored form: wrapped by the ring's active sealing key, with associated data. */
export function createDataKey(
  ring: KeyRing,
  aad: AssociatedData,
  random: RandomSource = randomBytes,
): { dataKey: DataKey; wrapped: Sealed } {
  return createDataKeyUnder(ring.active('sealing'), aad, random);
}

/** Like `createDataKey`, wrapped by another key: the rows under it move to another owner by wrapping it again. */
export function createDataKeyUnder(
  key: SealingKey,
  aad: AssociatedData,
  random: RandomSource = randomBytes,
): { dataKey: DataKey; wrapped: Sealed } {
  const plain = Buffer.concat([Buffer.from(randomKeyId('d', random), 'latin1'), random(SECRET_BYTES)]);
  return { dataKey: toDataKey(plain), wrapped: sealBytes(key, aad, plain, random) };
}

/** Throws as `unwrapDataKey`. */
export function unwrapDataKeyUnder(key: SealingKey, aad: AssociatedData, wrapped: Sealed): DataKey {
  return toDataKey(openBytes(key, aad, wrapped));
}

/** Wraps a key that is wrapped by `from` with `to`, with the same associated data. Throws as `unwrapDataKey`. */
export function rewrapDataKey(
  from: SealingKey,
  to: SealingKey,
  aad: AssociatedData,
  wrapped: Sealed,
): Sealed {
  const plain = openBytes(from, aad, wrapped);
  toDataKey(plain);
  return sealBytes(to, aad, plain);
}

/** Wraps a key of the ring's again, with other associated data. Throws as `unwrapDataKey`. */
export function moveDataKey(
  ring: KeyRing,
  from: AssociatedData,
  to: AssociatedData,
  wrapped: Sealed,
): Sealed {
  const plain = openBytes((keyId) => ring.find('sealing', keyId), from, wrapped);
  toDataKey(plain);
  return sealBytes(ring.active('sealing'), to, plain);
}

/** Throws a `SealError`, also when what was wrapped is no data key (`malformed`). */
export function unwrapDataKey(ring: KeyRing, aad: AssociatedData, wrapped: Sealed): DataKey {
  return toDataKey(openBytes((keyId) => ring.find('sealing', keyId), aad, wrapped));
}

/** `plain` is the id (8 ASCII characters) and the secret. */
function toDataKey(plain: Buffer): DataKey {
  const id = plain.toString('latin1', 0, ID_BYTES);
  if (plain.length !== ID_BYTES + SECRET_BYTES || !ID.test(id)) throw new SealError('malformed');
  return Object.freeze({ id, purpose: 'data', secret: createSecretKey(plain.subarray(ID_BYTES)) });
}

import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { openBytes, sealBytes, type Place, type Sealed, type SealingKey } from './envelope';
import type { KeyRing } from './keys/key-ring';
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

/** A new random data key, and its stored form: wrapped by the ring's active sealing key, for `place`. */
export function createDataKey(
  ring: KeyRing,
  place: Place,
  random: RandomSource = randomBytes,
): { dataKey: DataKey; wrapped: Sealed } {
  return createDataKeyUnder(ring.active('sealing'), place, random);
}

/** Like `createDataKey`, wrapped by another key: the rows under it move to another owner by wrapping it again. */
export function createDataKeyUnder(
  key: SealingKey,
  place: Place,
  random: RandomSource = randomBytes,
): { dataKey: DataKey; wrapped: Sealed } {
  const plain = Buffer.concat([Buffer.from(randomKeyId('d', random), 'latin1'), random(SECRET_BYTES)]);
  return { dataKey: toDataKey(plain), wrapped: sealBytes(key, place, plain, random) };
}

/** Throws as `unwrapDataKey`. */
export function unwrapDataKeyUnder(key: SealingKey, place: Place, wrapped: Sealed): DataKey {
  return toDataKey(openBytes(key, place, wrapped));
}

/** Wraps a key that is wrapped by `from` with `to`, for the same place. Throws as `unwrapDataKey`. */
export function rewrapDataKey(from: SealingKey, to: SealingKey, place: Place, wrapped: Sealed): Sealed {
  const plain = openBytes(from, place, wrapped);
  toDataKey(plain);
  return sealBytes(to, place, plain);
}

/** Wraps a key of the ring's again, for another place. Throws as `unwrapDataKey`. */
export function moveDataKey(ring: KeyRing, from: Place, to: Place, wrapped: Sealed): Sealed {
  const plain = openBytes((keyId) => ring.find('sealing', keyId), from, wrapped);
  toDataKey(plain);
  return sealBytes(ring.active('sealing'), to, plain);
}

/** Throws a `SealError`, also when what was wrapped is no data key (`malformed`). */
export function unwrapDataKey(ring: KeyRing, place: Place, wrapped: Sealed): DataKey {
  return toDataKey(openBytes((keyId) => ring.find('sealing', keyId), place, wrapped));
}

/** `plain` is the id (8 ASCII characters) and the secret. */
function toDataKey(plain: Buffer): DataKey {
  const id = plain.toString('latin1', 0, ID_BYTES);
  if (plain.length !== ID_BYTES + SECRET_BYTES || !ID.test(id)) throw new SealError('malformed');
  return Object.freeze({ id, purpose: 'data', secret: createSecretKey(plain.subarray(ID_BYTES)) });
}

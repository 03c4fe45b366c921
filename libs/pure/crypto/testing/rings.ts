import { createHash } from 'node:crypto';
import { KeyRing, type KeyPurpose } from '../src';

/** Bytes 0, 1, 2, ...: secrets of known-answer tests. */
export const counting = (size: number): Buffer =>
  Buffer.from(Array.from({ length: size }, (_, index) => index));

/** The secret of a test key: its own for each id. */
export function secretOf(id: string): Buffer {
  return createHash('sha256').update(`countersign test key ${id}`).digest();
}

/** A key ring document; the first id of each purpose is the active one. */
export function ringDocument(ids: Partial<Record<KeyPurpose, readonly string[]>> = {}) {
  const keys = (wanted: readonly string[]) =>
    wanted.map((id) => ({ id, secret: secretOf(id).toString('base64url') }));
  return {
    version: 1,
    sealing: keys(ids.sealing ?? ['k2', 'k1']),
    index: keys(ids.index ?? ['i2', 'i1']),
    token: keys(ids.token ?? ['t2', 't1']),
  };
}

export function aRing(ids?: Partial<Record<KeyPurpose, readonly string[]>>): KeyRing {
  return KeyRing.parse(JSON.stringify(ringDocument(ids)));
}

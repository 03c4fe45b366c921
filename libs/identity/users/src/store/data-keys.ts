import {
  unwrapDataKey,
  type DataKey,
  type KeyRing,
  type AssociatedData,
  type Sealed,
} from '@countersign/crypto';

/** Where the wrapped data key of a user stands. */
export function dataKeyAad(userId: string): AssociatedData {
  return { table: 'users', column: 'data_key', row: userId };
}

/** The data key of a user, from the text in its row. */
export function openDataKey(keyRing: KeyRing, userId: string, wrapped: Sealed): DataKey {
  return unwrapDataKey(keyRing, dataKeyAad(userId), wrapped);
}

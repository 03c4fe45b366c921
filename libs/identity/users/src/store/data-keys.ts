import { unwrapDataKey, type DataKey, type KeyRing, type Place, type Sealed } from '@countersign/crypto';

/** Where the wrapped data key of a user stands. */
export function dataKeyPlace(userId: string): Place {
  return { table: 'users', column: 'data_key', row: userId };
}

/** The data key of a user, from the text in its row. */
export function openDataKey(keyRing: KeyRing, userId: string, wrapped: Sealed): DataKey {
  return unwrapDataKey(keyRing, dataKeyPlace(userId), wrapped);
}

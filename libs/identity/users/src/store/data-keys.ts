import {
  unwrapDataKey,
  type DataKey,
  type KeyRing,
  type AssociatedData,
  type Sealed,
} from '@countersign/crypto';

export function dataKeyAad(userId: string): AssociatedData {
  return { table: 'users', column: 'data_key', row: userId };
}

export function openDataKey(keyRing: KeyRing, userId: string, wrapped: Sealed): DataKey {
  return unwrapDataKey(keyRing, dataKeyAad(userId), wrapped);
}

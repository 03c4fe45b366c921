import { fieldBlindIndexes, type BlindIndex, type KeyRing } from '@countersign/crypto';
import type { ProfileField } from '../user';

/** Fields of identities that operators can look accounts up by, where the installation has them switched on. */
export const lookupFields = ['username', 'phoneNumber'] as const satisfies readonly ProfileField[];
export type LookupField = (typeof lookupFields)[number];

/**
 * Equal for values that the platform takes for the same: usernames without case and `@`, phone numbers by their digits.
 * Only ASCII letters have a case here: others become ASCII letters in lower case, such as the Kelvin sign.
 */
export function normalizeLookedUp(field: LookupField, value: string): string {
  if (field === 'phoneNumber') return value.replaceAll(/[^0-9]/g, '');
  return value.replace(/^@/, '').replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** One digest per index key of the ring, under keys of the field. */
export function lookupDigestsOf(keyRing: KeyRing, field: LookupField, value: string): readonly BlindIndex[] {
  return fieldBlindIndexes(keyRing, `identities.${field}`, normalizeLookedUp(field, value));
}

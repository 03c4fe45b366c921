import { fieldBlindIndexes, type BlindIndex, type KeyRing } from '@countersign/crypto';

/**
 * Equal for usernames that a platform takes for the same: without case and `@`. Only ASCII letters have a case here: others become
 * ASCII letters in lower case, such as the Kelvin sign.
 */
export function normalizePlatformUsername(username: string): string {
  return username.replace(/^@/, '').replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** One digest per index key of the ring, under keys of the field. */
export function platformUsernameDigests(keyRing: KeyRing, username: string): readonly BlindIndex[] {
  return fieldBlindIndexes(keyRing, 'identities.username', normalizePlatformUsername(username));
}

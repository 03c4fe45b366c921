import { blindIndexes, type BlindIndex, type KeyRing } from '@countersign/crypto';
import { foldLookAlikes } from '@countersign/text';

export const USERNAME = /^[a-z0-9_]{5,32}$/;

/** As it is stored, or `null` for text that is not a username. */
export function normalizeUsername(input: string): string | null {
  const username = input.toLowerCase();
  // Some letters become ASCII in lower case, such as the Kelvin sign.
  return /^[A-Za-z0-9_]+$/.test(input) && USERNAME.test(username) ? username : null;
}

/** One digest per index key of the ring. */
export function usernameDigests(keyRing: KeyRing, username: string): readonly BlindIndex[] {
  return blindIndexes(keyRing, 'profiles.username', [foldLookAlikes(username)]);
}

import { blindIndexes, type BlindIndex, type KeyRing } from '@countersign/crypto';
import { foldLookAlikes } from '@countersign/text';

/** Words, with single dots and spaces between them. Never what people are found by otherwise: a wallet or an id. */
export const USERNAME =
  /^(?=.{2,100}$)(?!0x[\da-f]{40}$)(?![\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$)[\w-]+(?:(?:\. ?| )[\w-]+)*\.?$/i;
export const USERNAME_RULE =
  'must be 2 to 100 characters: words of a-z, A-Z, 0-9, _ and -, with single dots and spaces between them';

/** Equal for usernames that differ in their case or separators, or in letters that look alike. */
export function foldUsername(username: string): string {
  const joined = username.toLowerCase().replace(/\.$/, '');
  return foldLookAlikes(joined.replaceAll(/[._ -]+/g, '_'));
}

/** One digest per index key of the ring. */
export function usernameDigests(keyRing: KeyRing, username: string): readonly BlindIndex[] {
  return blindIndexes(keyRing, 'profiles.username', [foldUsername(username)]);
}

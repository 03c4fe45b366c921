import { blindIndexes, type BlindIndex, type KeyRing } from '@countersign/crypto';
import { foldLookAlikes } from '@countersign/text';

/** Words with single dots and spaces between them. A wallet address or a UUID is refused: these also find people. */
export const USERNAME =
  /^(?=.{2,100}$)(?!0x[\da-f]{40}$)(?![\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$)[\w-]+(?:(?:\. ?| )[\w-]+)*\.?$/i;
export const USERNAME_RULE =
  'must be 2 to 100 characters: words of a-z, A-Z, 0-9, _ and -, with single dots and spaces between them';

/** Returns equal text for usernames that differ only in case, separators or letters that look alike. */
export function foldUsername(username: string): string {
  const joined = username.toLowerCase().replace(/\.$/, '');
  return foldLookAlikes(joined.replaceAll(/[._ -]+/g, '_'));
}

/** Returns one digest for each index key of the ring. */
export function usernameDigests(keyRing: KeyRing, username: string): readonly BlindIndex[] {
  return blindIndexes(keyRing, 'profiles.username', [foldUsername(username)]);
}

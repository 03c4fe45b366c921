import { blindIndexes, type BlindIndex, type KeyRing } from '@countersign/crypto';
import { foldConfusables, foldLookAlikes } from '@countersign/text';

export const USERNAME = /^[a-z0-9_]{5,32}$/;

/** Names that people would take for the operator, the platform or a part of this service. */
const RESERVED = [
  ...['admin', 'admins', 'administrator', 'administration', 'moderator', 'moderators', 'operator', 'owner'],
  ...['official', 'support', 'helpdesk', 'service', 'services', 'security', 'system', 'staff', 'webmaster'],
  ...['postmaster', 'hostmaster', 'abuse', 'billing', 'payment', 'payments', 'wallet', 'notifications'],
  ...['countersign', 'telegram', 'openweb3', 'rapidpace', 'identity', 'account', 'accounts', 'profile'],
  ...['username', 'availability', 'anonymous', 'unknown', 'deleted', 'erased', 'everyone', 'everybody'],
  ...['nobody', 'undefined', 'false', 'guest', 'public', 'private', 'signin', 'login', 'logout', 'oauth'],
];

/** As it is stored, or `null` for text that is not a username. */
export function normalizeUsername(input: string): string | null {
  const username = input.toLowerCase();
  // Some letters become ASCII in lower case, such as the Kelvin sign.
  return /^[A-Za-z0-9_]+$/.test(input) && USERNAME.test(username) ? username : null;
}

const reserved: ReadonlySet<string> = new Set(RESERVED.map(foldLookAlikes));

/** With separators left out: `_admin_` reads as `admin`. */
export function isReserved(username: string): boolean {
  return reserved.has(foldLookAlikes(username)) || reserved.has(foldLookAlikes(username.replaceAll('_', '')));
}

/** Whether people would take a name with spaces and letters of any script for the operator, the platform or a part of this service. */
export function isReservedName(name: string): boolean {
  return isReserved(foldConfusables(name).replaceAll(/[^a-z0-9]/g, ''));
}

/** One digest per index key of the ring. */
export function usernameDigests(keyRing: KeyRing, username: string): readonly BlindIndex[] {
  return blindIndexes(keyRing, 'profiles.username', [foldLookAlikes(username)]);
}

import { type Configuration, DAY, plusSeconds } from '@countersign/runtime';
import type { Sealed } from '@countersign/crypto';

export type IdentityKeyAlgorithm = Configuration['identityTokenAlgorithm'];
export const identityKeyAlgorithms = ['ES256', 'EdDSA'] as const satisfies readonly IdentityKeyAlgorithm[];

/** Seconds for which the key set may be cached. */
export const JWKS_MAX_AGE_SECONDS = 300;

/** How long a key is published before it signs: longer than the key set may be cached. */
export const PUBLISH_AHEAD_SECONDS = 600;

/** How long a key signs before the next one is made. */
const SIGNING_DAYS = 30;

/** The longest life of an identity token, and room for clocks that differ. */
const OUTLIVED_SECONDS = 300 + 60;

export interface IdentityKey {
  readonly kid: string;
  readonly algorithm: IdentityKeyAlgorithm;
  readonly createdAt: Date;
  readonly signsFrom: Date;
}

export interface StoredIdentityKey extends IdentityKey {
  readonly publicKey: object;
  readonly privateKey: Sealed;
}

/** `pending`: published, and signs later. `retiring`: another one signs; what it signed may still be alive. */
export const identityKeyStates = ['pending', 'signing', 'retiring'] as const;
export type IdentityKeyState = (typeof identityKeyStates)[number];

/** When a key signs, and which of several did so last. Sets of keys are ordered by it, the latest first. */
type Term = Pick<IdentityKey, 'kid' | 'signsFrom'>;

/**
 * The key that signs at `now`: the latest whose start has come. If no start has come yet, the clock of the
 * replica that made the first key is ahead, and the earliest key signs.
 */
export function signingAt<T extends Term>(keys: readonly T[], now: Date): T | undefined {
  return keys.find(({ signsFrom }) => signsFrom <= now) ?? keys.at(-1);
}

export function pendingAt<T extends Term>(keys: readonly T[], now: Date): T | undefined {
  const signing = signingAt(keys, now);
  return keys.find((key) => key !== signing && key.signsFrom > now);
}

/** The keys whose signatures have all expired. */
export function retiredAt<T extends Term>(keys: readonly T[], now: Date): readonly T[] {
  const outlived = plusSeconds(now, -OUTLIVED_SECONDS);
  const successor = keys.findIndex(({ signsFrom }) => signsFrom <= outlived);
  return successor === -1 ? [] : keys.slice(successor + 1);
}

export function stateOf(key: Term, keys: readonly Term[], now: Date): IdentityKeyState {
  if (signingAt(keys, now)?.kid === key.kid) return 'signing';
  return key.signsFrom > now ? 'pending' : 'retiring';
}

/** Whether another key is needed: there is none, the newest is too old, or its algorithm is not the configured one. */
export function isNextDue(keys: readonly IdentityKey[], algorithm: IdentityKeyAlgorithm, now: Date): boolean {
  const [newest] = keys;
  if (!newest) return true;
  if (pendingAt(keys, now)) return false;
  const age = now.getTime() - newest.createdAt.getTime();
  return newest.algorithm !== algorithm || age >= SIGNING_DAYS * DAY;
}

import { type Configuration, DAY, plusSeconds } from '@countersign/runtime';
import type { Sealed } from '@countersign/crypto';

export type IdentityKeyAlgorithm = Configuration['identityTokenAlgorithm'];
export const identityKeyAlgorithms = ['ES256', 'EdDSA'] as const satisfies readonly IdentityKeyAlgorithm[];

/** Seconds for which the key set may be cached. */
export const JWKS_MAX_AGE_SECONDS = 300;

/** The time from a key's publication to its first signature: longer than the key set may be cached. */
export const PUBLISH_AHEAD_SECONDS = 600;

const SIGNING_DAYS = 30;

/** The longest life of an identity token, plus room for clocks that differ. */
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

/** A `pending` key is published, and signs later. A `retiring` key no longer signs, but its tokens may be alive. */
export const identityKeyStates = ['pending', 'signing', 'retiring'] as const;
export type IdentityKeyState = (typeof identityKeyStates)[number];

/** Sets of keys are ordered by `signsFrom`, the latest first. */
type Term = Pick<IdentityKey, 'kid' | 'signsFrom'>;

/** The latest key whose start has come. If none has, the first replica has a fast clock, and the earliest signs. */
export function signingAt<T extends Term>(keys: readonly T[], now: Date): T | undefined {
  return keys.find(({ signsFrom }) => signsFrom <= now) ?? keys.at(-1);
}

export function pendingAt<T extends Term>(keys: readonly T[], now: Date): T | undefined {
  const signing = signingAt(keys, now);
  return keys.find((key) => key !== signing && key.signsFrom > now);
}

export function retiredAt<T extends Term>(keys: readonly T[], now: Date): readonly T[] {
  const outlived = plusSeconds(now, -OUTLIVED_SECONDS);
  const successor = keys.findIndex(({ signsFrom }) => signsFrom <= outlived);
  return successor === -1 ? [] : keys.slice(successor + 1);
}

export function stateOf(key: Term, keys: readonly Term[], now: Date): IdentityKeyState {
  if (signingAt(keys, now)?.kid === key.kid) return 'signing';
  return key.signsFrom > now ? 'pending' : 'retiring';
}

/** Another key is due if there is none, or the newest is too old or has another algorithm than the configured one. */
export function isNextDue(keys: readonly IdentityKey[], algorithm: IdentityKeyAlgorithm, now: Date): boolean {
  const [newest] = keys;
  if (!newest) return true;
  if (pendingAt(keys, now)) return false;
  const age = now.getTime() - newest.createdAt.getTime();
  return newest.algorithm !== algorithm || age >= SIGNING_DAYS * DAY;
}

import { Registry } from '@countersign/text';

/** The doors that a session may be opened by. A door adds its own where it calls `defineDoorNames`. @public */
export interface DoorNames extends Record<never, true> {}
export type DoorName = keyof DoorNames;

const registry = new Registry<DoorName, true>('door', /^[a-z0-9-]+$/);

/** One word for each door whose files have loaded, for services behind the gateway. */
export const doorNames = registry.names;

/** Registers the word of a door, which services behind the gateway read as `amr`. */
export function defineDoorNames<const Names extends readonly string[]>(names: Names): Names {
  registry.define(Object.fromEntries(names.map((name) => [name, true])));
  return names;
}

/** For tests, whose files share a process. */
export function forgetDoorNames(names: readonly string[]): void {
  registry.forget(Object.fromEntries(names.map((name) => [name, true])));
}

/**
 * Why a session ended. `logout`: by its holder. `idle`: it was not used. `evicted`: an eleventh one was
 * opened. `ended-by-owner` and `ended-all`: from the list of sessions. `revoked`: by an operator.
 * `refresh-reuse`: a used refresh token came back. `deactivated`: with the account. `merged`: with an account
 * that became part of another. `unlinked`: with the identity that opened it. `outranked`: a weaker proof had
 * opened it before the platform's first proof of the person. `erased`: the erasure of the account was
 * requested. `code-reuse`: the one-time code that opened it came back. `disputed`: it is refused, and not ended, while an operator
 * has to say whether the database was restored.
 */
export const endReasons = [
  'logout',
  'idle',
  'evicted',
  'ended-by-owner',
  'ended-all',
  'revoked',
  'refresh-reuse',
  'deactivated',
  'merged',
  'unlinked',
  'outranked',
  'erased',
  'code-reuse',
  'disputed',
] as const;
export type EndReason = (typeof endReasons)[number];

/** A refresh token that was used, as stored: its digest, when, and the seed that with the token gives its successor. */
export interface StoredRotation {
  readonly digest: string;
  readonly at: string;
  readonly seed: string;
}

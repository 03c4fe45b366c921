import { DefinitionsInUse } from '@countersign/runtime';

/** The name of a login method that opens sessions. Services behind the gateway read it as `amr`. */
export type LoginMethod = string & { readonly [method]: true };
declare const method: unique symbol;

export const loginMethodsInUse = new DefinitionsInUse<LoginMethod>('login method', /^[a-z0-9-]+$/);

export function defineLoginMethods<const Keys extends string>(
  names: Readonly<Record<Keys, string>>,
): Readonly<Record<Keys, LoginMethod>> {
  return names as Record<Keys, LoginMethod>;
}

/**
 * `evicted`: an eleventh session was opened. `ended-by-owner` and `ended-all`: the person ended it in the list of
 * sessions. `revoked`: an operator ended it. `refresh-reuse` and `code-reuse`: a used refresh token, or the one-time
 * code that opened it, was presented again. `unlinked`: its identity left the account. `outranked`: a weaker proof had
 * opened it before the platform's first proof of the person. `erased`: the erasure of the account was requested.
 * `disputed`: it is refused, not ended, until an operator says whether the database was restored.
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

/** A used refresh token: its digest, the instant (ISO 8601), and the seed that derives its successor from the token. */
export interface StoredRotation {
  readonly digest: string;
  readonly at: string;
  readonly seed: string;
}

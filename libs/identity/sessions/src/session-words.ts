import { Registry } from '@countersign/text';

/** The name of a login method that opens sessions. Services behind the gateway read it as `amr`. */
export type LoginMethod = string & { readonly [method]: true };
declare const method: unique symbol;

const defined = new Registry<LoginMethod, true>('login method', /^[a-z0-9-]+$/);

/** The names of the login methods of the features in use. The list grows while features load. */
export const loginMethods = defined.names;

/** The handle of a login method, which `defineLoginMethods` defines where its feature is in use. */
export function loginMethod(name: string): LoginMethod {
  return name as LoginMethod;
}

export function defineLoginMethods<const Keys extends string>(
  names: Readonly<Record<Keys, string>>,
): Readonly<Record<Keys, LoginMethod>> {
  defined.define(Object.fromEntries(Object.values<string>(names).map((name) => [name, true])));
  return names as Record<Keys, LoginMethod>;
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

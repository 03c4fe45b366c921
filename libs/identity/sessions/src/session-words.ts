/** The doors that a session may be opened by: one word each, for services behind the gateway. */
export const doorNames = [
  'telegram-init-data',
  'telegram-third-party-init-data',
  'telegram-login-widget',
  'telegram-oidc',
  'openweb3-init-data',
  'rapidpace-link',
  'wallet',
] as const;
export type DoorName = (typeof doorNames)[number];

/**
 * Why a session ended. `logout`: by its holder. `idle`: it was not used. `evicted`: an eleventh one was
 * opened. `ended-by-owner` and `ended-all`: from the list of sessions. `revoked`: by an operator.
 * `refresh-reuse`: a used refresh token came back. `deactivated`: with the account. `merged`: with an account
 * that became part of another. `unlinked`: with the identity that opened it. `outranked`: a weaker proof had
 * opened it before the platform's first proof of the person. `erased`: the erasure of the account was
 * requested. `code-reuse`: the one-time code that opened it came back.
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
] as const;
export type EndReason = (typeof endReasons)[number];

/** A refresh token that was used, as stored: its digest, when, and its successor sealed under it. */
export interface StoredRotation {
  readonly digest: string;
  readonly at: string;
  readonly successor: string;
}

import type { RowOf } from '@countersign/database';
import { assurances, isAssurance, isAtLeast, type Assurance } from '@countersign/users';
import type { SessionEntity } from './store/session.entity';
import type { ACCESS_SESSION } from './store/session.columns';

export { assurances, isAssurance, isAtLeast, type Assurance };

/** The doors that a session may be opened by: one word each, for services behind the gateway. */
export const doorNames = [
  'telegram-init-data',
  'telegram-third-party-init-data',
  'telegram-login-widget',
  'telegram-oidc',
  'openweb3-init-data',
  'rapidpace-link',
] as const;
export type DoorName = (typeof doorNames)[number];

/**
 * Why a session ended. `logout`: by its holder. `idle`: it was not used. `evicted`: an eleventh one was
 * opened.
 * `ended-by-owner` and `ended-all`: from the list of sessions. `revoked`: by an operator.
 * `refresh-reuse`: a used refresh token came back. `deactivated`: with the account. `merged`: with an account
 * that became part of another. `unlinked`: with the identity that opened it. `outranked`: a weaker proof had
 * opened it before the platform's first proof of the person.
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
] as const;
export type EndReason = (typeof endReasons)[number];

/** A refresh token that was used, as stored: its digest, when, and its successor sealed under it. */
export interface StoredRotation {
  readonly digest: string;
  readonly at: string;
  readonly successor: string;
}

/** A step-up of a session. */
export interface StepUp {
  readonly expiresAt: Date;
  readonly assurance: Assurance;
  /** The bot that the proof rests on, as `provider/environment/id`; `null` where none signed. */
  readonly bot: string | null;
}

/** A row of `sessions`. */
export type Session = Readonly<SessionEntity>;

/** The columns for judging an access token. */
export type AccessSession = RowOf<typeof ACCESS_SESSION> & Pick<Principal, 'authenticatedAt'>;

/** Whether the session is over at `now`, and how. `null` while it lives. */
export function endOf(
  session: Pick<Session, 'endReason' | 'expiresAt' | 'idleExpiresAt'>,
  now: Date,
): EndReason | 'absolute' | null {
  const at = now.getTime();
  if (session.endReason !== null) return session.endReason;
  if (session.expiresAt.getTime() <= at) return 'absolute';
  return session.idleExpiresAt.getTime() <= at ? 'idle' : null;
}

/** The code for tokens of a session that is over: it was ended, or it ran out. */
export function refusalOf(session: Pick<Session, 'endReason'>): 'session.ended' | 'session.expired' {
  return session.endReason !== null ? 'session.ended' : 'session.expired';
}

/** The caller: the session behind an access token. */
export interface Principal {
  readonly sessionId: string;
  readonly userId: string;
  readonly applicationId: string;
  readonly identityId: string;
  readonly assurance: Assurance;
  /** By which the session was opened; `null` when its row has none, or one unknown to this version. */
  readonly door: DoorName | null;
  /** When a proof of the person was last verified: at sign-in, re-entry or step-up. */
  readonly authenticatedAt: Date;
  /** It rests on a bot that the application merely allows. */
  readonly isOfAllowedBot: boolean;
  readonly scopes: readonly string[];
}

/** For sessions older than the column, and those of replicas of that version: when they were opened. */
export function lastProofOf({
  authenticatedAt,
  createdAt,
}: Pick<Session, 'authenticatedAt' | 'createdAt'>): Date {
  return authenticatedAt ?? createdAt;
}

/**
 * The principal of a session; `null` when its identity was detached, which ends the session, or when its
 * assurance is one of a later version.
 */
export function toPrincipal(
  session: Omit<Principal, 'sessionId' | 'identityId'> & Pick<Session, 'id' | 'identityId'>,
): Principal | null {
  const { id: sessionId, userId, applicationId, identityId, assurance, isOfAllowedBot, door } = session;
  const { authenticatedAt, scopes } = session;
  return identityId === null || !isAssurance(assurance)
    ? null
    : Object.freeze({
        sessionId,
        userId,
        applicationId,
        identityId,
        assurance,
        isOfAllowedBot,
        door: doorNames.find((name) => name === door) ?? null,
        authenticatedAt,
        scopes,
      });
}

/** The client's tokens. Returned once, never stored in clear. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

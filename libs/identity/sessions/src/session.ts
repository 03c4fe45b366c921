import type { Application } from '@countersign/applications';
import { DAY, plusSeconds, SECOND } from '@countersign/runtime';
import type { RowOf } from '@countersign/database';
import { assurances, isAssurance, isAtLeast, type Assurance } from '@countersign/users';
import { loginMethods, type LoginMethod, type EndReason } from './session-words';
import type { ACCESS_SESSION } from './store/session.columns';
import type { Session } from './store/session.entity';

export { assurances, isAssurance, isAtLeast, type Assurance };
export * from './session-words';
export type { Session } from './store/session.entity';

export interface StepUp {
  readonly expiresAt: Date;
  readonly assurance: Assurance;
  /** The bot that the proof rests on, as `provider/environment/id`; `null` where none signed. */
  readonly bot: string | null;
}

export type AccessSession = RowOf<typeof ACCESS_SESSION>;

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

export type SessionRefusal = 'session.ended' | 'session.expired' | 'session.method_off';

/** The code for tokens of a session that was ended, that ran out, or that is refused while an operator has to answer. */
export function refusalOf({ endReason }: Pick<Session, 'endReason'>): SessionRefusal {
  if (endReason === 'disputed') return 'session.method_off';
  return endReason !== null ? 'session.ended' : 'session.expired';
}

/** The session behind an access token, or the person of init data. */
export interface Principal {
  /** Empty where init data is the credential of the request: there is no session then. */
  readonly sessionId: string;
  readonly userId: string;
  readonly applicationId: string;
  readonly identityId: string;
  readonly assurance: Assurance;
  /** By which the session was opened. */
  readonly door: LoginMethod;
  /** When a proof of the person was last verified: at sign-in, re-entry or step-up. */
  readonly authenticatedAt: Date;
  /** It rests on a bot that the application merely allows. */
  readonly isOfAllowedBot: boolean;
  readonly scopes: readonly string[];
  /** What services get instead of the assurance; absent where they get that. */
  readonly shownAs?: 'allowed-bot';
  /** The grant that the request brings for an act, unverified; `null` without one, absent where the route takes none. */
  readonly stepUpGrant?: string | null;
}

/** The idle deadline gives the last use of the access token, to the minute. */
export function lastUseOf({ createdAt, accessIdleExpiresAt, accessIdleIn }: Session): Date {
  const used = plusSeconds(accessIdleExpiresAt, -accessIdleIn);
  return used > createdAt ? used : createdAt;
}

/** Whether the session was not used today yet, in UTC. */
export function isFirstUseOfDay(session: Session, now: Date): boolean {
  return Math.floor(lastUseOf(session).getTime() / DAY) < Math.floor(now.getTime() / DAY);
}

/**
 * The principal of a session; `null` when its identity was detached, which ends the session, when its assurance is one of a
 * later version, or while no feature in use has its door.
 */
export function toPrincipal(
  session: Omit<Principal, 'sessionId' | 'identityId'> & Pick<Session, 'id' | 'identityId'>,
): Principal | null {
  const { id: sessionId, userId, applicationId, identityId, assurance, isOfAllowedBot, door } = session;
  const { authenticatedAt, scopes } = session;
  return identityId === null || !isAssurance(assurance) || !loginMethods.includes(door)
    ? null
    : Object.freeze({
        sessionId,
        userId,
        applicationId,
        identityId,
        assurance,
        isOfAllowedBot,
        door,
        authenticatedAt,
        scopes,
      });
}

/** The code for tokens of a session that has not ended, and has no principal. */
export function refusalAtDoor({ door }: Pick<Session, 'door'>): 'session.ended' | 'session.method_off' {
  return loginMethods.includes(door) ? 'session.ended' : 'session.method_off';
}

/** The client's tokens. Returned once, never stored in clear. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/**
 * Whether the session's pair was issued on an earlier day, in UTC. Shortly before the absolute end the instant is not
 * known, and an earlier one is taken.
 */
export function isOfEarlierDay(
  { accessExpiresAt, accessAbsoluteIn }: Pick<Session, 'accessExpiresAt' | 'accessAbsoluteIn'>,
  now: Date,
): boolean {
  const issuedAt = accessExpiresAt.getTime() - accessAbsoluteIn * SECOND;
  return Math.floor(issuedAt / DAY) < Math.floor(now.getTime() / DAY);
}

/**
 * A proof of a bot that a first-party application merely allows. The operator of that bot receives launches of all its
 * visitors, so it reaches no assurance that is asked for.
 */
export const ALLOWED_BOT = 'allowed-bot';

/** The assurance of a session as services get it. */
export type ShownAssurance = Assurance | typeof ALLOWED_BOT;

type Shown = Pick<Principal, 'assurance' | 'shownAs'>;

export function shownAssuranceOf({ assurance, shownAs }: Shown): ShownAssurance {
  return shownAs ?? assurance;
}

/** Whether a service that asks for an assurance lets the session pass. */
export function isShownAtLeast(holder: Shown, wanted: Assurance): boolean {
  const shown = shownAssuranceOf(holder);
  return shown !== ALLOWED_BOT && isAtLeast(shown, wanted);
}

/** With those scopes that the application still has, and as services see it. The same object when nothing differs. */
export function grantedTo<Holder extends Pick<Principal, 'scopes' | 'isOfAllowedBot' | 'shownAs'>>(
  holder: Holder,
  { trust, settings }: Pick<Application, 'trust' | 'settings'>,
): Holder {
  const known =
    holder.isOfAllowedBot && trust === 'first-party' ? { ...holder, shownAs: ALLOWED_BOT } : holder;
  const isGranted = (scope: string): boolean => settings.scopes.includes(scope);
  return known.scopes.every(isGranted) ? known : { ...known, scopes: known.scopes.filter(isGranted) };
}

import type { Application } from '@countersign/applications';
import { DAY, plusSeconds, SECOND } from '@countersign/runtime';
import type { RowOf } from '@countersign/database';
import { assurances, isAssurance, isAtLeast, type Assurance } from '@countersign/users';
import { loginMethodsInUse, type LoginMethod, type EndReason } from './session-words';
import type { ACCESS_SESSION } from './store/session.columns';
import type { Locked } from '@countersign/database';
import type { Session } from './store/session.entity';

export { assurances, isAssurance, isAtLeast, type Assurance };
export * from './session-words';
export type { Session } from './store/session.entity';
export type LockedSession = Locked<Session>;

export interface StepUp {
  readonly expiresAt: Date;
  readonly assurance: Assurance;
  /** The bot that the proof rests on, as `provider/environment/id`; `null` if no bot signed it. */
  readonly bot: string | null;
}

export type AccessSession = RowOf<typeof ACCESS_SESSION>;

/** Returns why the session is over at `now`; `null` while it is live. */
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

export function refusalOf({ endReason }: Pick<Session, 'endReason'>): SessionRefusal {
  if (endReason === 'disputed') return 'session.method_off';
  return endReason !== null ? 'session.ended' : 'session.expired';
}

/** The session of an access token, or the person of init data. */
export interface Principal {
  /** Empty if init data is the credential of the request. */
  readonly sessionId: string;
  readonly userId: string;
  readonly applicationId: string;
  readonly identityId: string;
  readonly assurance: Assurance;
  /** The login method that opened the session. */
  readonly door: LoginMethod;
  /** When a proof of the person was last verified: at sign-in, re-entry or step-up. */
  readonly authenticatedAt: Date;
  /** The session rests on a bot that the application only allows. */
  readonly isOfAllowedBot: boolean;
  readonly scopes: readonly string[];
  /** The value that services get instead of the assurance; absent if they get the assurance. */
  readonly shownAs?: 'allowed-bot';
  /** The unverified grant of the request; `null` without one, absent if the route accepts none. */
  readonly stepUpGrant?: string | null;
}

/** Derives the last use of the access token from its idle deadline, to the minute. */
export function lastUseOf({ createdAt, accessIdleExpiresAt, accessIdleIn }: Session): Date {
  const used = plusSeconds(accessIdleExpiresAt, -accessIdleIn);
  return used > createdAt ? used : createdAt;
}

/** Whether the session was not used today yet, in UTC. */
export function isFirstUseOfDay(session: Session, now: Date): boolean {
  return Math.floor(lastUseOf(session).getTime() / DAY) < Math.floor(now.getTime() / DAY);
}

/** Returns `null` for a detached identity (the session has ended), an unknown assurance, or an unknown login method. */
export function toPrincipal(
  session: Omit<Principal, 'sessionId' | 'identityId'> & Pick<Session, 'id' | 'identityId'>,
): Principal | null {
  const { id: sessionId, userId, applicationId, identityId, assurance, isOfAllowedBot, door } = session;
  const { authenticatedAt, scopes } = session;
  return identityId === null || !isAssurance(assurance) || !loginMethodsInUse.has(door)
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

/** The code for tokens of a session that has not ended, but has no principal. */
export function refusalAtDoor({ door }: Pick<Session, 'door'>): 'session.ended' | 'session.method_off' {
  return loginMethodsInUse.has(door) ? 'session.ended' : 'session.method_off';
}

/** The client's tokens. They are returned once, and never stored in clear text. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Uses UTC days. Shortly before the absolute end, the computed instant of the issue is too early. */
export function isOfEarlierDay(
  { accessExpiresAt, accessAbsoluteIn }: Pick<Session, 'accessExpiresAt' | 'accessAbsoluteIn'>,
  now: Date,
): boolean {
  const issuedAt = accessExpiresAt.getTime() - accessAbsoluteIn * SECOND;
  return Math.floor(issuedAt / DAY) < Math.floor(now.getTime() / DAY);
}

/** The bot's operator receives launches of all visitors, so such a proof reaches no required assurance. */
export const ALLOWED_BOT = 'allowed-bot';

export type ShownAssurance = Assurance | typeof ALLOWED_BOT;

type Shown = Pick<Principal, 'assurance' | 'shownAs'>;

export function shownAssuranceOf({ assurance, shownAs }: Shown): ShownAssurance {
  return shownAs ?? assurance;
}

export function isShownAtLeast(holder: Shown, wanted: Assurance): boolean {
  const shown = shownAssuranceOf(holder);
  return shown !== ALLOWED_BOT && isAtLeast(shown, wanted);
}

/** Removes scopes that the application lost, and sets `shownAs`. Returns the same object if nothing changes. */
export function grantedTo<Holder extends Pick<Principal, 'scopes' | 'isOfAllowedBot' | 'shownAs'>>(
  holder: Holder,
  { trust, settings }: Pick<Application, 'trust' | 'settings'>,
): Holder {
  const known =
    holder.isOfAllowedBot && trust === 'first-party' ? { ...holder, shownAs: ALLOWED_BOT } : holder;
  const isGranted = (scope: string): boolean => settings.scopes.includes(scope);
  return known.scopes.every(isGranted) ? known : { ...known, scopes: known.scopes.filter(isGranted) };
}

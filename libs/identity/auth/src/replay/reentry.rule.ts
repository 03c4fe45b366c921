import { SECOND } from '@countersign/runtime';
import { endOf, type LoginMethod, type EndReason, type Session } from '@countersign/sessions';

/** For this long a repeated proof returns the identical pair: networks retry, pages reload. */
export const PROOF_REPEAT_SECONDS = 10;

export function isRepeatable(answeredAt: Date, now: Date): boolean {
  return now.getTime() - answeredAt.getTime() < PROOF_REPEAT_SECONDS * SECOND;
}

export interface Answer {
  readonly at: Date;
  /** Whether its pair is still the session's: a pair that was refreshed has reached its client. */
  readonly isCurrent: boolean;
}

/**
 * Ends after which the same proof may open one more session: logout, idle or evicted. All other ends are
 * meant to keep out holders of the proof.
 */
const MAY_BE_FOLLOWED: ReadonlySet<EndReason | 'absolute'> = new Set(['logout', 'idle', 'evicted']);

/**
 * What a proof opens when it is presented again.
 * `repeat`: the identical pair. `renew`: its own session, with a new pair that ends the old one.
 * `follow`: one more session, since its own is over. `refuse`: nothing; the person relaunches for a new proof.
 * `not-bound`: nothing; another holder's key would lock out the client that began the session without a key.
 * `other-key`: nothing, and the owner is notified: the session is bound to a key that was not proven.
 */
type Reentry = 'repeat' | 'renew' | 'follow' | 'refuse' | 'other-key' | 'not-bound';

/** The person of the proof, and the application. */
export interface Presenter {
  readonly userId: string;
  readonly applicationId: string;
  readonly door: LoginMethod;
  /**
   * An undated link is the same at every click, so it may always be followed: one refusal would lock its
   * person out. The application has accepted that.
   */
  readonly isUndated: boolean;
  /** A link that was registered lives for years: it follows its session, unless that was ended to keep its holders out. */
  readonly isRegistered: boolean;
  /** Of the device key that was proven with the proof. */
  readonly deviceKeyThumbprint: string | null;
  /** Whether the application requires a key: only then re-entry binds a session that began without one. */
  readonly isKeyRequired: boolean;
}

/**
 * What a repeated proof does: any holder of the proof may re-enter, and only the session that it opened.
 * @param session that the proof opened; null when its row is gone.
 */
export function reentryOf(session: Session | null, presenter: Presenter, answer: Answer, now: Date): Reentry {
  if (presenter.isUndated && (!session || endOf(session, now))) return 'follow';
  if (presenter.isRegistered && !session) return 'follow';
  if (session?.userId !== presenter.userId || session.applicationId !== presenter.applicationId)
    return 'refuse';
  // Each door has tokens of its own: re-entry by another one would give them to a session of this one.
  if (session.door !== presenter.door) return 'refuse';
  const isBound = session.deviceKeyThumbprint !== null;
  const isSameKey = session.deviceKeyThumbprint === presenter.deviceKeyThumbprint;
  if (isBound && !isSameKey) return 'other-key';
  const end = endOf(session, now);
  if (end) {
    const mayFollow = MAY_BE_FOLLOWED.has(end) || (presenter.isRegistered && end === 'absolute');
    return mayFollow ? 'follow' : 'refuse';
  }
  if (!isBound && presenter.deviceKeyThumbprint !== null && !presenter.isKeyRequired) return 'not-bound';
  // Renewing ends step-up, since re-entry shows no fresh proof.
  const isSteppedUp = session.stepUpExpiresAt !== null && session.stepUpExpiresAt > now;
  return isRepeatable(answer.at, now) && answer.isCurrent && !isSteppedUp && isSameKey ? 'repeat' : 'renew';
}

import { SECOND } from '@countersign/runtime';
import { endOf, type LoginMethod, type EndReason, type Session } from '@countersign/sessions';

/** For this time a repeated proof returns the identical pair, because networks retry and pages reload. */
export const PROOF_REPEAT_SECONDS = 10;

export function isRepeatable(answeredAt: Date, now: Date): boolean {
  return now.getTime() - answeredAt.getTime() < PROOF_REPEAT_SECONDS * SECOND;
}

export interface Answer {
  readonly at: Date;
  /** Whether the session still has this pair. After a refresh, the client has received it. */
  readonly isCurrent: boolean;
}

/** After these ends, the same proof may open one more session. All other ends keep out holders of the proof. */
const MAY_BE_FOLLOWED: ReadonlySet<EndReason | 'absolute'> = new Set(['logout', 'idle', 'evicted']);

/**
 * What a proof opens when it is presented again.
 * `repeat`: the identical pair. `renew`: its own session, with a new pair that ends the old one.
 * `follow`: one more session, since its own is over. `refuse`: nothing; the person relaunches for a new proof.
 * `not-bound`: nothing; another holder's key would lock out the client that began the session without a key.
 * `other-key`: nothing, and the owner is notified: the session is bound to a key that was not proven.
 */
type Reentry = 'repeat' | 'renew' | 'follow' | 'refuse' | 'other-key' | 'not-bound';

export interface Presenter {
  readonly userId: string;
  readonly applicationId: string;
  readonly door: LoginMethod;
  /** An undated link is the same at each click, and the application accepts that: a refusal would lock people out. */
  readonly isUndated: boolean;
  /** A registered link lives for years. It follows its session, unless that was ended to keep out its holders. */
  readonly isRegistered: boolean;
  /** The thumbprint of the device key that was proven with the proof. */
  readonly deviceKeyThumbprint: string | null;
  /** Re-entry binds a session that began without a key only if the application requires a key. */
  readonly isKeyRequired: boolean;
}

/** Any holder of a proof may re-enter its session, and no other. @param session null when its row is gone */
export function reentryOf(session: Session | null, presenter: Presenter, answer: Answer, now: Date): Reentry {
  if (presenter.isUndated && (!session || endOf(session, now))) return 'follow';
  if (presenter.isRegistered && !session) return 'follow';
  if (session?.userId !== presenter.userId || session.applicationId !== presenter.applicationId)
    return 'refuse';
  // Each door has tokens of its own. Re-entry by another door would give them to a session of this one.
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
  // Renewing ends step-up, because re-entry shows no fresh proof.
  const isSteppedUp = session.stepUpExpiresAt !== null && session.stepUpExpiresAt > now;
  return isRepeatable(answer.at, now) && answer.isCurrent && !isSteppedUp && isSameKey ? 'repeat' : 'renew';
}

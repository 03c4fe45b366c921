import type { EntityManager } from 'typeorm';
import { plusSeconds, SECOND } from '@countersign/clock';
import type { Principal } from '@countersign/sessions';
import type { WalletActEntity } from '../store/wallet-act.entity';
import type { NeededConsent } from '../consents/needed-consent';
import type { ReadAct, WantedAct } from './read-act';

/** Longer than a call to custody takes: until then another call may still be answered. */
const ATTEMPT_MS = 15 * SECOND;
/** How long after its token was used an act may be tried again whose outcome is unknown. */
const RETRY_SECONDS = 300;

export interface IssuedToken {
  readonly walletToken: string;
  readonly expiresIn: number;
  readonly read: ReadAct;
  /** Null where custody asks for none. */
  readonly consent: NeededConsent | null;
}

/** A token of another API: good once, and for no act in particular. */
export interface ForeignToken {
  readonly id: string;
  readonly expiresAt: Date;
  /** Uses it up in the transaction that records the act. */
  readonly consume: (tx: EntityManager) => Promise<void>;
}

/** An act that custody is to do now. */
export interface AllowedAct {
  readonly id: string;
  readonly consent: string | null;
  readonly read: ReadAct;
}

/** Whether the token was made for exactly this. */
export function isFor(
  act: WalletActEntity,
  { sessionId, applicationId }: Principal,
  walletId: string,
  wanted: WantedAct,
  digest: Buffer,
): boolean {
  return (
    act.walletId === walletId &&
    act.sessionId === sessionId &&
    act.applicationId === applicationId &&
    act.act === wanted.act &&
    act.digest.equals(digest)
  );
}

/** Whether the same call may be sent again: custody did not answer it. */
export function mayRetry({ allowedAt, attemptedAt, doneAt, ...act }: WalletActEntity, now: Date): boolean {
  if (doneAt || !allowedAt) return false;
  // The person may not have accepted yet.
  const until = act.consent === null ? plusSeconds(allowedAt, RETRY_SECONDS) : act.expiresAt;
  if (until <= now) return false;
  return attemptedAt === null || now.getTime() - attemptedAt.getTime() >= ATTEMPT_MS;
}

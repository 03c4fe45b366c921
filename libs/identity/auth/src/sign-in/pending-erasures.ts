import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor } from '@countersign/audit';
import { Clock, plusSeconds } from '@countersign/clock';
import { STEP_UP_SECONDS } from '@countersign/sessions';
import {
  erasurePending,
  Erasures,
  isAtLeast,
  weakestOf,
  type Assurance,
  type Erasure,
  type FoundUser,
} from '@countersign/users';
import { authError } from '../auth.errors';
import type { VerifiedSignIn } from '../doors/door';
import { isOfAllowedBot } from '../proof/verified-proof';

/** A sign-in to an account, whose lock the caller holds. */
export type Arrival = Pick<VerifiedSignIn, 'proof' | 'application' | 'cancelsErasure'>;

/** What a requested erasure means for sign-ins. */
@Injectable()
export class PendingErasures {
  constructor(
    private readonly erasures: Erasures,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the erasure that the sign-in cancels, once its proof has turned out to be unused
   * @throws AppError user.erasure_pending where the account is closed, auth.proof_not_fresh and
   * auth.assurance_too_low where the proof cannot cancel the erasure that it is to cancel
   */
  async check(
    tx: EntityManager | undefined,
    user: Pick<FoundUser, 'userId' | 'erasure' | 'cap' | 'isDoubtful'>,
    arrival: Arrival,
  ): Promise<Erasure | null> {
    if (user.erasure === null) return null;
    const erasure = await this.erasures.find(user.userId, tx);
    if (!erasure) return null;
    if (user.isDoubtful === true) {
      if (erasure.kind === 'open') return null;
      throw erasurePending(erasure);
    }
    const strength = weakestOf(arrival.proof.assurance, user.cap);
    if (erasure.kind === 'open' && endsBy(erasure, strength, arrival)) return erasure;
    if (!arrival.cancelsErasure) {
      if (erasure.kind === 'open') return null;
      throw erasurePending(erasure);
    }
    if (erasure.startedAt) throw erasurePending(erasure);
    if (!mayCancel(erasure, strength, arrival)) throw authError('auth.assurance_too_low');
    const { madeAt } = arrival.proof;
    if (!madeAt || madeAt < plusSeconds(this.clock.now(), -STEP_UP_SECONDS))
      throw authError('auth.proof_not_fresh');
    return erasure;
  }

  /**
   * As `check`, for a call without a session: a Mini App that stayed open goes on calling with what was signed before the
   * request, which cancels nothing.
   * @throws AppError user.erasure_pending where the account is closed
   */
  async isEndedByVisit(
    user: Pick<FoundUser, 'userId' | 'erasure' | 'cap' | 'isDoubtful'>,
    arrival: Arrival,
    tx?: EntityManager,
  ): Promise<boolean> {
    const erasure = await this.check(tx, user, arrival);
    const { madeAt } = arrival.proof;
    return erasure !== null && madeAt !== null && madeAt > erasure.requestedAt;
  }

  /** @throws AppError user.erasure_pending where the account is closed */
  async assertOpen(user: Pick<FoundUser, 'userId' | 'erasure'>, tx?: EntityManager): Promise<void> {
    if (user.erasure !== 'closed') return;
    const erasure = await this.erasures.find(user.userId, tx);
    if (erasure) throw erasurePending(erasure);
  }

  async cancel(tx: EntityManager, { userId, auditPseudonym }: FoundUser, { proof }: Arrival): Promise<void> {
    await this.erasures.cancel(tx, userId);
    const { provider, environment, assurance, botId } = proof;
    await this.audit.record(tx, 'user.erasure_cancelled', {
      actor: personActor(auditPseudonym),
      applicationId: proof.applicationId,
      subject: personActor(auditPseudonym),
      details: { provider, environment, assurance, ...(botId === null ? {} : { botId }) },
    });
  }
}

/** A stronger sign-in than the request ends it: the request may have been forged. */
function endsBy({ assurance, startedAt }: Erasure, strength: Assurance, { proof }: Arrival): boolean {
  if (startedAt !== null || isOfAllowedBot(proof)) return false;
  return assurance === null || (strength !== assurance && isAtLeast(strength, assurance));
}

/** A weaker proof than the request's must not keep the data of a person who wants it gone. */
function mayCancel({ assurance }: Erasure, strength: Assurance, { proof, application }: Arrival): boolean {
  if (application.trust !== 'first-party' || isOfAllowedBot(proof)) return false;
  return assurance === null || isAtLeast(strength, assurance);
}

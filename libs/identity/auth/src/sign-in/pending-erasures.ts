import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor } from '@countersign/audit';
import { Clock, plusSeconds } from '@countersign/runtime';
import { STEP_UP_SECONDS } from '@countersign/sessions';
import {
  erasurePending,
  Erasures,
  isAtLeast,
  weakestOf,
  type Assurance,
  type Erasure,
  type FoundUser,
  type LockedUser,
  userEvents,
} from '@countersign/users';
import { authError } from '../auth.errors';
import type { VerifiedSignIn } from '../doors/door';
import { isOfAllowedBot, trailOf } from '../proof/verified-proof';

export type Arrival = Pick<VerifiedSignIn, 'proof' | 'application' | 'cancelsErasure'>;

@Injectable()
export class PendingErasures {
  constructor(
    private readonly erasures: Erasures,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** @returns the erasure that the sign-in cancels, if its proof turns out to be unused */
  async check(
    tx: EntityManager,
    user: LockedUser & Pick<FoundUser, 'cap' | 'isDoubtful'>,
    arrival: Arrival,
  ): Promise<Erasure | null> {
    if (!user.isClosed) return null;
    const erasure = await this.erasures.find(user.userId, tx);
    if (!erasure) return null;
    if (user.isDoubtful === true || !arrival.cancelsErasure || erasure.startedAt || erasure.isDisputed)
      throw erasurePending(erasure);
    if (!mayCancel(erasure, weakestOf(arrival.proof.assurance, user.cap), arrival))
      throw authError('auth.assurance_too_low');
    const { madeAt } = arrival.proof;
    if (!madeAt || madeAt < plusSeconds(this.clock.now(), -STEP_UP_SECONDS))
      throw authError('auth.proof_not_fresh');
    return erasure;
  }

  /** A call without a session cancels nothing. */
  async assertOpen(user: Pick<FoundUser, 'userId' | 'isClosed'>, tx?: EntityManager): Promise<void> {
    if (!user.isClosed) return;
    const erasure = await this.erasures.find(user.userId, tx);
    if (erasure) throw erasurePending(erasure);
  }

  async cancel(tx: EntityManager, user: LockedUser, { proof }: Arrival): Promise<void> {
    const { auditPseudonym } = user;
    await this.erasures.cancel(tx, user);
    await this.audit.record(tx, userEvents.userErasureCancelled, {
      actor: personActor(auditPseudonym),
      applicationId: proof.applicationId,
      subject: personActor(auditPseudonym),
      details: trailOf(proof),
    });
  }
}

/** A weaker proof than the request's must not keep the data of a person who wants it deleted. */
function mayCancel({ assurance }: Erasure, strength: Assurance, { proof, application }: Arrival): boolean {
  if (application.trust !== 'first-party' || isOfAllowedBot(proof)) return false;
  return assurance === null || isAtLeast(strength, assurance);
}

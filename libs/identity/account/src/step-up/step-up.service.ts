import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  botNameOf,
  FirstProofs,
  PresentedProofs,
  ProofConsumption,
  type VerifiedProof,
} from '@countersign/auth';
import { ApplicationsService } from '@countersign/applications';
import { AuditService } from '@countersign/audit';
import { Clock, plusSeconds, secondsUntil } from '@countersign/clock';
import { Database } from '@countersign/database';
import { SessionsService, STEP_UP_SECONDS, type Assurance, type Principal } from '@countersign/sessions';
import { IdentitiesService, UsersService, type KnownPerson } from '@countersign/users';
import { accountError } from '../account.errors';
import { AccountActs, type Asking } from '../rules/account-acts.service';
import { foundingEnvironmentOf, presented, trailOf } from '../rules/presented-proof';
import type { StepUpResponse } from '../dto/me.response';

/** Marks a session as stepped up by a fresh proof. */
@Injectable()
export class StepUpService {
  constructor(
    private readonly database: Database,
    private readonly proofs: PresentedProofs,
    private readonly consumption: ProofConsumption,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly firstProofs: FirstProofs,
    private readonly applications: ApplicationsService,
    private readonly acts: AccountActs,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Below the account's level, and in third-party applications: by a proof of the identity that signed in, for acts on the data
   * of the application.
   * @throws AppError account.other_person, auth.assurance_too_low, auth.proof_used, auth.proof_not_fresh, and
   * what the door refuses
   */
  async stepUp(caller: Principal, body: unknown): Promise<StepUpResponse> {
    const verified = await this.proofs.open(body, caller, 'step-up');
    await this.consumption.prepare(verified);
    const { userId, applicationId, sessionId } = caller;
    const { expiresAt, outranked } = await this.database.transaction(async (tx) => {
      const { proof } = verified;
      await verified.consume?.(tx);
      await this.users.lock(tx, userId);
      const known = await this.users.findByClaim(proof, tx);
      if (known?.userId !== userId) throw accountError('account.other_person');
      await this.identities.assertProves(tx, known.identityId, proof);
      const asking = await this.acts.lock(tx, caller);
      const assurance = await this.assuranceOf(tx, caller, { proof, known, asking });
      await this.consumption.consume(tx, proof, sessionId);
      const outranked = await this.firstProofs.apply(tx, known, proof);
      const until = plusSeconds(this.clock.now(), STEP_UP_SECONDS);
      await this.sessions.stepUp(tx, sessionId, { expiresAt: until, assurance, bot: botNameOf(proof) });
      await this.audit.record(tx, 'session.stepped_up', {
        actor: `session:${sessionId}`,
        applicationId,
        subject: sessionId,
        details: { ...trailOf(proof), ...asking.trail },
        event: { userId, sessionId, applicationId },
      });
      return { expiresAt: until, outranked };
    });
    this.sessions.forget([sessionId, ...outranked]);
    return { stepUpExpiresIn: secondsUntil(expiresAt, this.clock.now()) };
  }

  /** @throws AppError account.other_person, auth.assurance_too_low */
  private async assuranceOf(
    tx: EntityManager,
    caller: Principal,
    { proof, known, asking }: Presented,
  ): Promise<Assurance> {
    const identities = await this.identities.listOf(tx, caller.userId);
    const foundedIn = foundingEnvironmentOf(identities);
    const shown = presented(proof, known.cap);
    const { trust } = await this.applications.getById(caller.applicationId);
    const isBelow = trust !== 'first-party' || !this.acts.isAtLevel(asking);
    if (isBelow && known.identityId !== caller.identityId) throw accountError('account.other_person');
    return isBelow
      ? this.acts.assertApplicationStepUp(asking, shown)
      : this.acts.assertAllowed(asking, { act: 'step-up', proof: shown, foundedIn });
  }
}

interface Presented {
  readonly proof: VerifiedProof;
  readonly known: KnownPerson;
  readonly asking: Asking;
}

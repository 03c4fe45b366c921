import { Injectable } from '@nestjs/common';
import { PresentedProofs, ProofSpending } from '@countersign/auth';
import { AuditService } from '@countersign/audit';
import { Clock, secondsUntil } from '@countersign/clock';
import { Database } from '@countersign/database';
import { endOf, sessionError, SessionsService, type Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { accountError } from './account.errors';
import type { StepUpResponse } from './dto/step-up.response';

/** Marks a session as one whose person has just proven who they are. */
@Injectable()
export class StepUpService {
  constructor(
    private readonly database: Database,
    private readonly proofs: PresentedProofs,
    private readonly spending: ProofSpending,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError account.other_person, auth.proof_used, auth.proof_not_fresh, and what the door refuses */
  async stepUp(caller: Principal, body: unknown): Promise<StepUpResponse> {
    const verified = await this.proofs.open(body, caller.applicationId);
    await this.spending.prepare(verified);
    const { proof, spend } = verified;
    await this.audit.prepare();
    const expiresAt = await this.database.transaction(async (tx) => {
      await spend?.(tx);
      await this.users.lock(tx, caller.userId);
      const known = await this.users.findByClaim(proof, tx);
      if (known?.userId !== caller.userId) throw accountError('account.other_person');
      const isFirstUse = await this.spending.spend(tx, proof, caller.sessionId);
      const session = await this.sessions.lockById(tx, caller.sessionId);
      if (!session || endOf(session, this.clock.now())) throw sessionError('session.ended');
      if (!isFirstUse) return session.stepUpExpiresAt;
      await this.audit.record(tx, 'session.stepped_up', {
        actor: `session:${caller.sessionId}`,
        applicationId: caller.applicationId,
        subject: caller.sessionId,
        details: { provider: proof.provider, assurance: proof.assurance },
      });
      return this.sessions.stepUp(tx, caller.sessionId);
    });
    return { stepUpExpiresIn: expiresAt ? secondsUntil(expiresAt, this.clock.now()) : 0 };
  }
}

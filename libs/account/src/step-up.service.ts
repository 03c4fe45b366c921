import { Injectable } from '@nestjs/common';
import { authError, PresentedProofs, ProofSpending } from '@countersign/auth';
import { AuditService } from '@countersign/audit';
import { Clock, plusSeconds, secondsUntil } from '@countersign/clock';
import { Database } from '@countersign/database';
import { endOf, sessionError, SessionsService, STEP_UP_SECONDS, type Principal } from '@countersign/sessions';
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
      const expiresAt = plusSeconds(this.clock.now(), STEP_UP_SECONDS);
      const { sessionId } = caller;
      const earlier = await this.spending.spend(tx, proof, {
        sessionId,
        act: 'step-up',
        outcome: expiresAt.toISOString(),
      });
      const session = await this.sessions.lockById(tx, sessionId);
      if (!session || endOf(session, this.clock.now())) throw sessionError('session.ended');
      if (earlier !== null) {
        const { stepUpExpiresAt } = session;
        if (!stepUpExpiresAt || stepUpExpiresAt <= this.clock.now()) throw authError('auth.proof_used');
        return stepUpExpiresAt;
      }
      await this.sessions.stepUp(tx, sessionId, expiresAt);
      await this.audit.record(tx, 'session.stepped_up', {
        actor: `session:${sessionId}`,
        applicationId: caller.applicationId,
        subject: sessionId,
        details: { provider: proof.provider, assurance: proof.assurance },
      });
      return expiresAt;
    });
    this.sessions.forget([caller.sessionId]);
    return { stepUpExpiresIn: secondsUntil(expiresAt, this.clock.now()) };
  }
}

import { Injectable } from '@nestjs/common';
import type { Application } from '@countersign/applications';
import { AuditService, personActor } from '@countersign/audit';
import { Database } from '@countersign/database';
import { Outbox } from '@countersign/events';
import { SessionsService } from '@countersign/sessions';
import { UsersService, type FoundUser } from '@countersign/users';
import type { VerifiedSignIn } from '../doors/door';
import { FirstProofs } from './first-proofs';
import { PendingErasures } from './pending-erasures';
import { neededFields } from '../proof/needed-fields';
import type { VerifiedProof } from '../proof/verified-proof';

/** Accounts without a session: registered by a vendor, or with init data per request. */
@Injectable()
export class NewUsers {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly firstProofs: FirstProofs,
    private readonly erasures: PendingErasures,
    private readonly audit: AuditService,
    private readonly outbox: Outbox,
  ) {}

  /**
   * The account of a proof, created when there is none. Does not use the proof up. The first proof that the
   * platform signed ends what weaker ones opened.
   * @param confirm re-checks under a lock what the proof rests on
   * @throws AppError user.deactivated, user.erasure_pending
   */
  async getOrCreate(
    application: Application,
    proof: VerifiedProof,
    confirm: VerifiedSignIn['spend'] = null,
  ): Promise<FoundUser> {
    await this.audit.prepare();
    const { user, ended } = await this.database.transaction(async (tx) => {
      await confirm?.(tx);
      const user = await this.users.findOrCreate(tx, proof, neededFields(application));
      await this.erasures.assertOpen(user, tx);
      if (user.isNew) {
        await this.audit.record(tx, 'user.created', {
          actor: personActor(user.auditPseudonym),
          applicationId: application.id,
          details: {
            provider: proof.provider,
            environment: proof.environment,
            assurance: proof.assurance,
          },
        });
        const { userId, identityId } = user;
        const data = { userId, identityId, applicationId: application.id };
        await this.outbox.add(tx, 'user.created', [{ data, applicationIds: [application.id] }]);
      }
      return { user, ended: await this.firstProofs.settle(tx, user, proof) };
    });
    this.sessions.forget(ended);
    return user;
  }
}

import { Injectable } from '@nestjs/common';
import type { Application } from '@countersign/applications';
import { AuditService, personActor } from '@countersign/audit';
import { Database } from '@countersign/database';
import { UsersService, type FoundUser } from '@countersign/users';
import type { VerifiedSignIn } from './doors/door';
import { neededFields } from './needed-fields';
import type { VerifiedProof } from './verified-proof';

/** Accounts of people who come without a session: registered by a vendor, or with init data per request. */
@Injectable()
export class Newcomers {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly audit: AuditService,
  ) {}

  /**
   * The account of a proof, created when there is none. Uses the proof up for nothing.
   * @param confirm looks once more, under a lock, at what the proof rests on
   * @throws AppError user.deactivated
   */
  async getOrCreate(
    application: Application,
    proof: VerifiedProof,
    confirm: VerifiedSignIn['spend'] = null,
  ): Promise<FoundUser> {
    await this.audit.prepare();
    return this.database.transaction(async (tx) => {
      await confirm?.(tx);
      const user = await this.users.findOrCreate(tx, proof, neededFields(application));
      if (user.isNew)
        await this.audit.record(tx, 'user.created', {
          actor: personActor(user.auditPseudonym),
          applicationId: application.id,
          details: {
            provider: proof.provider,
            environment: proof.environment,
            assurance: proof.assurance,
          },
        });
      return user;
    });
  }
}

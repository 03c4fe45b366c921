import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { WithdrawsOfCompromisedBots } from '@countersign/applications';
import { AuditService, operator, personActor } from '@countersign/audit';
import { Database } from '@countersign/database';
import { Erasures, UsersService } from '@countersign/users';
import { accountError } from '../account.errors';

/** Takes back requested erasures, by operators. */
@Injectable()
@WithdrawsOfCompromisedBots()
export class ErasureWithdrawal {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly erasures: Erasures,
    private readonly audit: AuditService,
  ) {}

  /**
   * Before the erasure begins. What a person requested with what the platform itself signed only the person cancels; any weaker
   * proof may be forged by who has the token of the bot or the secret of the vendor; an account that was erased
   * before a restore is erased again in any case.
   * @param reason a word or the number of a request, for the audit trail
   * @throws AppError user.not_found, user.no_erasure_requested, user.erasure_not_of_operator, user.erasure_started
   */
  async cancel(userId: string, reason: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, userId);
      const erasure = await this.erasures.find(userId, tx);
      if (!erasure) throw accountError('user.no_erasure_requested');
      if (erasure.startedAt) throw accountError('user.erasure_started');
      if (erasure.reason === 'restore' || (erasure.reason === 'person' && erasure.assurance === 'platform'))
        throw accountError('user.erasure_not_of_operator');
      await this.withdraw(tx, userId, reason);
    });
  }

  /** What the holder of a bot's token may have requested in its application, one account after another. */
  async withdrawAllOf(applicationId: string): Promise<void> {
    for (const userId of await this.erasures.listOfWeakProofs(applicationId)) {
      await this.database.transaction(async (tx) => {
        if (!(await this.users.lockIfThere(tx, userId))) return;
        const erasure = await this.erasures.find(userId, tx);
        // Meanwhile it may have been cancelled, started, or requested again by a stronger proof or an operator.
        if (erasure?.applicationId !== applicationId || erasure.assurance === 'platform' || erasure.startedAt)
          return;
        await this.withdraw(tx, userId, 'bot-compromised');
      });
    }
  }

  private async withdraw(tx: EntityManager, userId: string, reason: string): Promise<void> {
    await this.erasures.cancel(tx, userId);
    await this.audit.record(tx, 'user.erasure_cancelled', {
      actor: operator(),
      subject: personActor(await this.users.getAuditPseudonym(tx, userId)),
      details: { reason },
    });
  }
}

import { Injectable } from '@nestjs/common';
import { LeakedOrigins, type LeakedBy } from '@countersign/applications';
import { AuditService, operator, personActor } from '@countersign/audit';
import { Database } from '@countersign/database';
import { Outbox } from '@countersign/events';
import { referralError } from '../referral.errors';
import { BoundReferralsRepository, type BoundReferral } from './bound-referrals.repository';

/** Finds and removes referrals after a leak. */
@Injectable()
export class BoundReferrals {
  constructor(
    private readonly database: Database,
    private readonly referrals: BoundReferralsRepository,
    private readonly origins: LeakedOrigins,
    private readonly audit: AuditService,
    private readonly outbox: Outbox,
  ) {}

  /**
   * People who were referred by sign-ins that rest on the token of a bot, or on the secret of the vendor of an application.
   * @throws AppError bot.not_found, application.not_found
   */
  async list(by: LeakedBy, since: Date): Promise<readonly BoundReferral[]> {
    const wanted = await this.origins.of(by);
    return this.database.read((manager) => this.referrals.list(manager, wanted, since));
  }

  /**
   * The person no longer counts for those above them, nor do the people below them. They are not referred again. Nothing where
   * that was done before.
   * @throws AppError referral.not_found
   */
  async remove(referralId: string): Promise<void> {
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      const found = await this.referrals.lock(tx, referralId);
      if (!found) throw referralError('referral.not_found');
      if (found.isRemoved) return;
      const { applicationId, userId, referrerId, auditPseudonym } = found;
      await this.referrals.remove(tx, referralId);
      await this.audit.record(tx, 'referral.removed', {
        actor: operator(),
        applicationId,
        ...(auditPseudonym === null ? {} : { subject: personActor(auditPseudonym) }),
      });
      if (userId === null || referrerId === null) return;
      const data = { userId, referrerId, applicationId };
      await this.outbox.add(tx, 'referral.removed', [{ data, applicationIds: [applicationId] }]);
    });
  }
}

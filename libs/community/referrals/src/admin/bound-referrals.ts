import { Injectable } from '@nestjs/common';
import { ApplicationsService, BotsService, type BotKey } from '@countersign/applications';
import { AuditService, operator, personActor } from '@countersign/audit';
import { Database } from '@countersign/database';
import { Outbox } from '@countersign/events';
import { referralError } from '../referral.errors';
import {
  BoundReferralsRepository,
  type BoundReferral,
  type WantedReferrals,
} from './bound-referrals.repository';

type LeakedBy = { readonly bot: BotKey } | { readonly vendorOf: string };

/** Finds and removes referrals after a leak. */
@Injectable()
export class BoundReferrals {
  constructor(
    private readonly database: Database,
    private readonly referrals: BoundReferralsRepository,
    private readonly bots: BotsService,
    private readonly applications: ApplicationsService,
    private readonly audit: AuditService,
    private readonly outbox: Outbox,
  ) {}

  /**
   * People who were referred by sign-ins that rest on the token of a bot, or on the secret of the vendor of an application.
   * @throws AppError bot.not_found, application.not_found
   */
  async list(by: LeakedBy, since: Date): Promise<readonly BoundReferral[]> {
    const wanted = await this.originsOf(by);
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

  private async originsOf(by: LeakedBy): Promise<WantedReferrals> {
    if ('vendorOf' in by) {
      const { id: applicationId } = await this.applications.getById(by.vendorOf);
      return { name: null, within: ['vendor'], applicationId };
    }
    const { provider, environment, botId } = by.bot;
    const { applicationId } = await this.database.transaction((tx) => this.bots.lock(tx, by.bot));
    return { name: `${provider}/${environment}/${botId}`, within: ['bot-token'], applicationId };
  }
}

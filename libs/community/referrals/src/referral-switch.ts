import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '@countersign/applications';
import { referralError } from './referral.errors';

/** Whether an application has referrals, by its settings. */
@Injectable()
export class ReferralSwitch {
  constructor(private readonly applications: ApplicationsService) {}

  /**
   * @returns the fraction of a reward for each level, nearest first
   * @throws AppError referral.off, application.not_found
   */
  async assertOn(applicationId: string): Promise<readonly number[]> {
    const { settings } = await this.applications.getById(applicationId);
    if (settings.referrals.mode === 'off') throw referralError('referral.off');
    return settings.referrals.levels;
  }
}

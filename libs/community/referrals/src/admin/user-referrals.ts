import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '@countersign/database';
import { UserDirectory } from '@countersign/users';
import { ReferralCodesRepository, type ReferralMember } from '../store/referral-codes.repository';
import { ReferralTreeRepository } from '../store/referral-tree.repository';
import { ReferralsAccountDataRepository } from '../account-data/referrals-account-data.repository';
import type { AdminReferralResponse } from './user-referrals.dto';
import { MAX_REFERRAL_LEVELS } from '../referral.settings';

/** The referrals of an account in all applications, for operators; also where referrals are now off. */
@Injectable()
export class UserReferrals {
  constructor(
    private readonly database: Database,
    private readonly directory: UserDirectory,
    private readonly nodes: ReferralsAccountDataRepository,
    private readonly tree: ReferralTreeRepository,
    private readonly codes: ReferralCodesRepository,
  ) {}

  /** In the order of the applications’ ids. @throws AppError user.not_found */
  async list(wantedId: string): Promise<readonly AdminReferralResponse[]> {
    const { userId } = await this.directory.get(wantedId);
    return this.database.read(async (manager) => {
      const found: AdminReferralResponse[] = [];
      for (const applicationId of await this.nodes.applicationIdsOf(manager, userId))
        found.push(await this.find(manager, { userId, applicationId }));
      return found;
    });
  }

  private async find(manager: EntityManager, member: ReferralMember): Promise<AdminReferralResponse> {
    const own = await this.tree.findOwn(manager, member);
    const counts = await this.tree.countBelow(manager, own, member);
    const above = await this.tree.findAbove(manager, member);
    return {
      applicationId: member.applicationId,
      source: above[0]?.source ?? null,
      code: await this.codes.find(manager, member),
      referrers: above.map(({ level, userId }) => ({ level, userId })),
      counts: Array.from({ length: MAX_REFERRAL_LEVELS }, (_, index) => counts.get(index + 1) ?? 0),
    };
  }
}

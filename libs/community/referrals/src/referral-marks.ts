import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { EnteredSignIn } from '@countersign/auth';
import { Clock, plusSeconds } from '@countersign/clock';
import { IdentityMarks, RemembersIdentities, type MarkSource, type WantedMark } from '@countersign/users';
import { ReferralsAccountDataRepository } from './account-data/referrals-account-data.repository';

/** How long an identity that has left a referred account is not referred again. */
const RETENTION_SECONDS = 2 * 365 * 24 * 3_600;

/** One identity is counted once as a referral of an application, however often it leaves its account and comes back. */
@Injectable()
@RemembersIdentities()
export class ReferralMarks implements MarkSource {
  readonly kind = 'referral';

  constructor(
    private readonly marks: IdentityMarks,
    private readonly referrals: ReferralsAccountDataRepository,
    private readonly clock: Clock,
  ) {}

  async marksOf(tx: EntityManager, userId: string): Promise<readonly WantedMark[]> {
    const endsAt = plusSeconds(this.clock.now(), RETENTION_SECONDS);
    return (await this.referrals.referredIn(tx, userId)).map(({ applicationId, at }) => ({
      applicationId,
      aboutId: applicationId,
      upToId: null,
      at,
      endsAt,
    }));
  }

  /** @returns those whose identities were counted before, at another account */
  async countedBefore(
    tx: EntityManager,
    entered: readonly EnteredSignIn[],
  ): Promise<ReadonlySet<EnteredSignIn>> {
    const queries = entered.map(({ signIn: { application, proof } }) => ({
      applicationId: application.id,
      aboutId: application.id,
      identity: proof,
    }));
    const found = await this.marks.find(tx, 'referral', queries);
    return new Set(entered.filter((_, index) => found[index] != null));
  }
}

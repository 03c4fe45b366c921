import { Count, Id, Integer, ListOf } from '@countersign/http';
import { FractionField, ReferredLevelField } from './referral-fields';

class ReferralLevelResponse {
  @ReferredLevelField()
  level: number;

  @Count('How many people are on the level.', 12)
  count: number;

  @FractionField()
  fraction: number | null;
}

/** The people below a person, by level. */
export class ReferralsResponse {
  @ListOf(ReferralLevelResponse, 'Ten levels, nearest first.')
  levels: readonly ReferralLevelResponse[];

  @Count('The sum of all levels.', 34)
  total: number;
}

/** A person above another. */
class ReferrerResponse {
  @Integer('1 for the referrer of the account.', 1, { min: 1, max: 10 })
  level: number;

  @Id('The account; `null` after its erasure.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10', { nullable: true })
  userId: string | null;

  @FractionField()
  fraction: number | null;
}

/** The people above a person. */
export class ReferrersResponse {
  @Id('The id of the account; of a merged one that of the survivor.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c11')
  userId: string;

  @ListOf(
    ReferrerResponse,
    'Up to ten levels, nearest first. A level is left out where an account is its own referrer after a merge.',
  )
  referrers: readonly ReferrerResponse[];
}

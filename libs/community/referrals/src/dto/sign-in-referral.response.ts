import { OneOf } from '@countersign/http';

/** Why a code is ignored. */
const ignoredReferrals = [
  'referral.not_first_sign_in',
  'referral.off',
  'referral.own_code',
  'referral.unknown_code',
] as const;
export type IgnoredReferral = (typeof ignoredReferrals)[number];

/** What became of the referral code of a sign-in. */
export class SignInReferralResponse {
  @OneOf(['bound', 'ignored'], '`bound` where the person now has a referrer, for good.', 'bound')
  outcome: 'bound' | 'ignored';

  @OneOf(ignoredReferrals, 'Why the code was ignored.', 'referral.unknown_code', { optional: true })
  code?: IgnoredReferral;
}

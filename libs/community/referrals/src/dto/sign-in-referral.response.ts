import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** Why a code is ignored. */
export const ignoredReferrals = [
  'referral.not_first_sign_in',
  'referral.off',
  'referral.own_code',
  'referral.unknown_code',
] as const;
export type IgnoredReferral = (typeof ignoredReferrals)[number];

/** What became of the referral code of a sign-in. */
export class SignInReferralResponse {
  @ApiProperty({
    enum: ['bound', 'ignored'],
    description: '`bound` where the person now has a referrer, for good.',
    example: 'bound',
  })
  outcome: 'bound' | 'ignored';

  @ApiPropertyOptional({
    enum: ignoredReferrals,
    description: 'Why the code was ignored.',
    example: 'referral.unknown_code',
  })
  code?: IgnoredReferral;
}

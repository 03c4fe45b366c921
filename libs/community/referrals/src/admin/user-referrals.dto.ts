import { ApiProperty } from '@nestjs/swagger';
import { Id, ListOf, OneOf, Text } from '@countersign/http';
import { referralSources, type ReferralSource } from '../store/referral.entity';
import { ReferrerIdField, ReferrerLevelField } from '../dto/referral-fields';

export class AdminReferrerResponse {
  @ReferrerLevelField()
  level: number;

  @ReferrerIdField()
  userId: string | null;
}

/** The referrals of an account in one application. */
export class AdminReferralResponse {
  @Id('The application.', '0199a3c6-7f2c-7aa1-8f5c-0c9a1d2e3f40')
  applicationId: string;

  @OneOf(
    [...referralSources, null],
    'What named the referrer; null for an account without one.',
    'start-param',
    { nullable: true },
  )
  source: ReferralSource | null;

  @Text('By which the person refers others; null before they asked for it.', 'k7m2qd9xw4ht', {
    nullable: true,
  })
  code: string | null;

  @ListOf(AdminReferrerResponse, 'Nearest first.')
  referrers: readonly AdminReferrerResponse[];

  @ApiProperty({
    type: [Number],
    description: 'How many people are below, on each of ten levels.',
    example: [12, 30, 4, 0, 0, 0, 0, 0, 0, 0],
  })
  counts: readonly number[];
}

export class AdminReferralsResponse {
  @ListOf(
    AdminReferralResponse,
    'One for each application in which the account has a referrer or asked for its code.',
  )
  items: readonly AdminReferralResponse[];
}

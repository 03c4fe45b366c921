import { ApiProperty } from '@nestjs/swagger';
import { referrerIdField, referrerLevelField } from '../dto/referral-fields';
import { referralSources, type ReferralSource } from '../store/referral.entity';

export class AdminReferrerResponse {
  @ApiProperty(referrerLevelField)
  level: number;

  @ApiProperty(referrerIdField)
  userId: string | null;
}

/** The referrals of an account in one application. */
export class AdminReferralResponse {
  @ApiProperty({
    format: 'uuid',
    description: 'The application.',
    example: '0199a3c6-7f2c-7aa1-8f5c-0c9a1d2e3f40',
  })
  applicationId: string;

  @ApiProperty({
    type: String,
    enum: [...referralSources, null],
    nullable: true,
    description: 'What named the referrer; null for an account without one.',
    example: 'start-param',
  })
  source: ReferralSource | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'By which the person refers others; null before they asked for it.',
    example: 'k7m2qd9xw4ht',
  })
  code: string | null;

  @ApiProperty({ type: [AdminReferrerResponse], description: 'Nearest first.' })
  referrers: readonly AdminReferrerResponse[];

  @ApiProperty({
    type: [Number],
    description: 'How many people are below, on each of ten levels.',
    example: [12, 30, 4, 0, 0, 0, 0, 0, 0, 0],
  })
  counts: readonly number[];
}

export class AdminReferralsResponse {
  @ApiProperty({
    type: [AdminReferralResponse],
    description: 'One for each application in which the account has a referrer or asked for its code.',
  })
  items: readonly AdminReferralResponse[];
}

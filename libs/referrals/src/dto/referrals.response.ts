import { ApiProperty } from '@nestjs/swagger';

const FRACTION = {
  type: Number,
  nullable: true,
  description: 'The fraction of a reward for this level, by the settings; `null` where they name none.',
  example: 0.1,
} as const;

export class ReferralLevelResponse {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: 10,
    description: '1 for people whom the person brought.',
    example: 1,
  })
  level: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many people are on the level.', example: 12 })
  count: number;

  @ApiProperty(FRACTION)
  fraction: number | null;
}

/** The people below a person, by level. */
export class ReferralsResponse {
  @ApiProperty({ type: [ReferralLevelResponse], description: 'Ten levels, nearest first.' })
  levels: readonly ReferralLevelResponse[];

  @ApiProperty({ type: 'integer', minimum: 0, description: 'The sum of all levels.', example: 34 })
  total: number;
}

/** A person above another. */
export class ReferrerResponse {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: 10,
    description: '1 for the person who brought the account.',
    example: 1,
  })
  level: number;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The account; `null` after its erasure.',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
  })
  userId: string | null;

  @ApiProperty(FRACTION)
  fraction: number | null;
}

/** Who brought a person to the application, and who brought those. */
export class ReferrersResponse {
  @ApiProperty({
    description: 'The id of the account; of a merged one that of the survivor.',
    format: 'uuid',
    example: '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c11',
  })
  userId: string;

  @ApiProperty({
    type: [ReferrerResponse],
    description:
      'Up to ten levels, nearest first. A level is left out where an account is its own referrer after a merge.',
  })
  referrers: readonly ReferrerResponse[];
}

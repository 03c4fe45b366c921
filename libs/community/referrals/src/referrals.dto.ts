import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { StartLinkResponse } from '@countersign/applications';
import {
  Count,
  Id,
  Instant,
  Integer,
  ListOf,
  Nested,
  OneOf,
  PageOf,
  PageQuery,
  Text,
} from '@countersign/http';
import { UserResponse } from '@countersign/profiles';
import { referralSources, type ReferralSource } from './store/referral.entity';

function ReferredLevelField(): PropertyDecorator {
  return Integer('1 for people whom the person referred.', 1, { min: 1, max: 10 });
}

function FractionField(): PropertyDecorator {
  return ApiProperty({
    type: Number,
    nullable: true,
    description: 'The fraction of a reward for this level, by the settings; `null` where they name none.',
    example: 0.1,
  });
}

export class ReferralCodeResponse {
  @Text('12 letters and digits that are not mixed up. The same at each call.', 'k7m2qd9xw4ht')
  code: string;

  @ListOf(StartLinkResponse, 'For each active bot of the application in Telegram’s production environment.')
  links: readonly StartLinkResponse[];
}

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

export class ReferredPeopleQuery extends PageQuery {
  @ReferredLevelField()
  @Matches(/^([1-9]|10)$/, { message: 'must be a whole number from 1 to 10' })
  level: string;
}

class ReferredPersonResponse {
  @Instant('The first sign-in.', '2026-11-20T10:00:00.000Z')
  joinedAt: string;

  @ReferredLevelField()
  level: number;

  @OneOf(
    referralSources,
    'What named the referrer: a start parameter that the platform signed, or the application itself (`body`), in the ' +
      'body of a sign-in or at the start of Log In With Telegram.',
    'start-param',
  )
  source: ReferralSource;

  @Nested(UserResponse, 'The account with its public fields; `null` where the person made nothing public.', {
    nullable: true,
  })
  person: UserResponse | null;
}

export class ReferredPeoplePage extends PageOf(ReferredPersonResponse, 'Newest first.') {}

import { Matches } from 'class-validator';
import { Instant, Nested, OneOf, PageOf, PageQuery } from '@countersign/http';
import { UserResponse } from '@countersign/profiles';
import { referralSources, type ReferralSource } from '../store/referral.entity';
import { ReferredLevelField } from './referral-fields';

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

import { Get, Query } from '@nestjs/common';
import { ApiController, IdInPath } from '@countersign/http';
import { AuthenticatedClient, CurrentClient } from '@countersign/oauth';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import {
  ReferralCodeResponse,
  ReferralsResponse,
  ReferredPeoplePage,
  ReferredPeopleQuery,
  ReferrersResponse,
} from './referrals.dto';
import { ReferralCodes } from './referral-codes.service';
import { ReferralsService } from './referrals.service';

@ApiController('v1', 'Referrals')
export class ReferralsController {
  constructor(
    private readonly codes: ReferralCodes,
    private readonly referrals: ReferralsService,
  ) {}

  @Get('me/referral-code')
  @Authenticated('getOwnReferralCode', ReferralCodeResponse, {
    summary: 'Get one’s own referral code, with its links',
    description:
      'One for each person and application, made at the first call. A person who first signs in to the application by one of ' +
      'the links is bound to its owner for good.',
    errors: ['referral.off'],
  })
  getCode(@Caller() caller: Principal): Promise<ReferralCodeResponse> {
    return this.codes.get(caller);
  }

  @Get('me/referrals')
  @Authenticated('getOwnReferrals', ReferralsResponse, {
    summary: 'Get how many people one has referred, by level',
    description:
      'In the application of the session: people whom the person referred, whom those referred, and so on for ten levels.',
    errors: ['referral.off'],
  })
  count(@Caller() caller: Principal): Promise<ReferralsResponse> {
    return this.referrals.count(caller);
  }

  @Get('me/referrals/people')
  @Authenticated('listOwnReferrals', ReferredPeoplePage, {
    summary: 'List the people of one level, newest first',
    description: 'Who a person is appears only where they made fields of their profile public.',
    errors: ['referral.off'],
  })
  list(@Caller() caller: Principal, @Query() query: ReferredPeopleQuery): Promise<ReferredPeoplePage> {
    return this.referrals.list(caller, query);
  }

  @Get('users/:userId/referrals')
  @AuthenticatedClient('getUserReferrals', ReferrersResponse, {
    summary: 'Get the referrers of a person, for the application itself',
    description:
      'The people above the account, up to ten levels, each with the fraction that the settings name: what a reward is ' +
      'computed from. With the client secret only.',
    errors: ['referral.off'],
  })
  listAbove(
    @CurrentClient() applicationId: string,
    @IdInPath('userId', 'user.not_found', 'The id of the account, or of one that was merged into it.')
    userId: string,
  ): Promise<ReferrersResponse> {
    return this.referrals.listAbove(userId, applicationId);
  }
}

import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '@countersign/http';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { ReferralCodeResponse } from './dto/referral-code.response';
import { ReferralsResponse } from './dto/referrals.response';
import { ReferredPeoplePage, ReferredPeopleQuery } from './dto/referred-people';
import { ReferralCodes } from './referral-codes.service';
import { ReferralsService } from './referrals.service';

@Controller('v1/me')
@ApiTags('Referrals')
export class ReferralsController {
  constructor(
    private readonly codes: ReferralCodes,
    private readonly referrals: ReferralsService,
  ) {}

  @Get('referral-code')
  @ApiOperation({
    operationId: 'getOwnReferralCode',
    summary: 'Get one’s own referral code, with its links',
    description:
      'One for each person and application, made at the first call. A person who first signs in to the application by one of ' +
      'the links is bound to its owner for good.',
  })
  @Authenticated()
  @Answers(ReferralCodeResponse, { errors: ['referral.off'] })
  getCode(@Caller() caller: Principal): Promise<ReferralCodeResponse> {
    return this.codes.get(caller);
  }

  @Get('referrals')
  @ApiOperation({
    operationId: 'getOwnReferrals',
    summary: 'Get how many people one has referred, by level',
    description:
      'In the application of the session: people whom the person referred, whom those referred, and so on for ten levels.',
  })
  @Authenticated()
  @Answers(ReferralsResponse, { errors: ['referral.off'] })
  count(@Caller() caller: Principal): Promise<ReferralsResponse> {
    return this.referrals.count(caller);
  }

  @Get('referrals/people')
  @ApiOperation({
    operationId: 'listOwnReferrals',
    summary: 'List the people of one level, newest first',
    description: 'Who a person is appears only where they made fields of their profile public.',
  })
  @Authenticated()
  @Answers(ReferredPeoplePage, { errors: ['referral.off', 'request.invalid', 'request.unknown_field'] })
  list(@Caller() caller: Principal, @Query() query: ReferredPeopleQuery): Promise<ReferredPeoplePage> {
    return this.referrals.list(caller, query);
  }
}

import { Get } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { ReferralCodeResponse, ReferralsResponse } from './referrals.dto';
import { ReferralCodes } from './referral-codes.service';

@ApiController('v1/me', 'Referrals')
export class ReferralsController {
  constructor(private readonly codes: ReferralCodes) {}

  @Get('referral-code')
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

  @Get('referrals')
  @Authenticated('getOwnReferrals', ReferralsResponse, {
    summary: 'Get how many people one has referred, by level',
    description:
      'In the application of the session: people whom the person referred, whom those referred, and so on for ten levels.',
    errors: ['referral.off'],
  })
  count(@Caller() caller: Principal): Promise<ReferralsResponse> {
    return this.codes.count(caller);
  }
}

import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, IdInPath } from '@countersign/http';
import { AuthenticatedClient, CurrentClient } from '@countersign/oauth';
import { ReferrersResponse } from './dto/referrals.response';
import { ReferralsService } from './referrals.service';

@Controller('v1/users')
@ApiTags('Referrals')
export class UserReferralsController {
  constructor(private readonly referrals: ReferralsService) {}

  @Get(':userId/referrals')
  @ApiOperation({
    operationId: 'getUserReferrals',
    summary: 'Get the referrers of a person, for the application itself',
    description:
      'The people above the account, up to ten levels, each with the fraction that the settings name: what a reward is ' +
      'computed from. With the client secret only.',
  })
  @AuthenticatedClient()
  @Answers(ReferrersResponse, { errors: ['referral.off'] })
  get(
    @CurrentClient() applicationId: string,
    @IdInPath('userId', 'user.not_found', 'The id of the account, or of one that was merged into it.')
    userId: string,
  ): Promise<ReferrersResponse> {
    return this.referrals.listAbove(userId, applicationId);
  }
}

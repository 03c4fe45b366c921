import { Get } from '@nestjs/common';
import { ApiController, IdInPath } from '@countersign/http';
import { AuthenticatedClient, CurrentClient } from '@countersign/oauth';
import { ReferrersResponse } from './dto/referrals.response';
import { ReferralsService } from './referrals.service';

@ApiController('v1/users', 'Referrals')
export class UserReferralsController {
  constructor(private readonly referrals: ReferralsService) {}

  @Get(':userId/referrals')
  @AuthenticatedClient('getUserReferrals', ReferrersResponse, {
    summary: 'Get the referrers of a person, for the application itself',
    description:
      'The people above the account, up to ten levels, each with the fraction that the settings name: what a reward is ' +
      'computed from. With the client secret only.',
    errors: ['referral.off'],
  })
  get(
    @CurrentClient() applicationId: string,
    @IdInPath('userId', 'user.not_found', 'The id of the account, or of one that was merged into it.')
    userId: string,
  ): Promise<ReferrersResponse> {
    return this.referrals.listAbove(userId, applicationId);
  }
}

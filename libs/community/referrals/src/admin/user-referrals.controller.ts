import { Get } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath } from '@countersign/http';
import { UserReferrals } from './user-referrals';
import { AdminReferralsResponse } from './user-referrals.dto';

@AdminController('users/:userId/referrals', 'Users')
export class AdminUserReferralsController {
  constructor(private readonly referrals: UserReferrals) {}

  @Get()
  @Operation('listUserReferrals', 'referrals:read', AdminReferralsResponse, {
    summary: 'List the referrals of an account: its code, its referrers, and how many people are below',
    description: 'One item for each application. For the id of a merged account those of the surviving one.',
  })
  async list(@IdInPath('userId', 'user.not_found') userId: string): Promise<AdminReferralsResponse> {
    return { items: await this.referrals.list(userId) };
  }
}

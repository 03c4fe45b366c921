import { Controller, Delete, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, IdInPath, PageQuery } from '@countersign/http';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { AccountPlane } from '../rules/account-plane';
import { IdentityPage } from '../dto/me.response';
import { AcceptsGrant } from '../step-up/accepts-grant';
import { OwnIdentitiesService } from './own-identities.service';

@Controller('v1/me/identities')
@ApiTags('The person')
export class IdentitiesController {
  constructor(private readonly identities: OwnIdentitiesService) {}

  @Get()
  @ApiOperation({
    operationId: 'listOwnIdentities',
    summary: 'List one’s identities, oldest first',
    description: 'The identities that the person signs in with.',
  })
  @Authenticated()
  @Answers(IdentityPage)
  list(@Caller() caller: Principal, @Query() page: PageQuery): Promise<IdentityPage> {
    return this.identities.list(caller, page);
  }

  @Delete(':identityId')
  @ApiOperation({
    operationId: 'unlinkIdentity',
    summary: 'Remove an identity, never the last one',
    description:
      'After step-up. Sessions that were opened with it end, this one too if it is among them. Where a merge of the last days brought the ' +
      'identity, the merge is separated.',
  })
  @AcceptsGrant()
  @AccountPlane()
  @Answers(null, {
    errors: [
      'account.step_up_required',
      'identity.came_recently',
      'identity.last_at_level',
      'identity.last_one',
    ],
  })
  unlink(
    @Caller() caller: Principal,
    @IdInPath('identityId', 'identity.not_found', 'The id of the identity.') identityId: string,
  ): Promise<void> {
    return this.identities.unlink(caller, identityId);
  }
}

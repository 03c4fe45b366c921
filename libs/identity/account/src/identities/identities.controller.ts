import { Delete, Get, Query } from '@nestjs/common';
import { ApiController, IdInPath, PageQuery } from '@countersign/http';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { AccountPlane, AcceptsGrant } from '../rules/account-plane';
import { IdentityPage } from '../dto/me.response';
import { OwnIdentitiesService } from './own-identities.service';

@ApiController('v1/me/identities', 'The person')
export class IdentitiesController {
  constructor(private readonly identities: OwnIdentitiesService) {}

  @Get()
  @Authenticated('listOwnIdentities', IdentityPage, {
    summary: 'List one’s identities, oldest first',
    description: 'The identities that the person signs in with.',
  })
  list(@Caller() caller: Principal, @Query() page: PageQuery): Promise<IdentityPage> {
    return this.identities.list(caller, page);
  }

  @Delete(':identityId')
  @AcceptsGrant()
  @AccountPlane('unlinkIdentity', null, {
    summary: 'Remove an identity, never the last one',
    description:
      'After step-up. Sessions that were opened with it end, this one too if it is among them. Where a merge of the last days brought the ' +
      'identity, the merge is separated.',
    errors: ['identity.came_recently', 'identity.last_at_level', 'identity.last_one'],
  })
  unlink(
    @Caller() caller: Principal,
    @IdInPath('identityId', 'identity.not_found', 'The id of the identity.') identityId: string,
  ): Promise<void> {
    return this.identities.unlink(caller, identityId);
  }
}

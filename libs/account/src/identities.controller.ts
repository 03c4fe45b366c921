import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Answers, PageQuery, UuidPipe } from '@countersign/http';
import { Authenticated, Caller, forCaller, type Principal } from '@countersign/sessions';
import { AccountPlane } from './account-plane';
import { IdentityPage } from './dto/me.response';
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
    return forCaller(this.identities.list(caller, page));
  }

  @Delete(':identityId')
  @ApiOperation({
    operationId: 'unlinkIdentity',
    summary: 'Remove an identity, never the last one',
    description: 'After step-up. Sessions that were opened with it end, this one too if it is among them.',
  })
  @ApiParam({
    name: 'identityId',
    description: 'The id of the identity.',
    schema: { type: 'string', format: 'uuid' },
  })
  @AccountPlane()
  @Answers(null, {
    errors: ['account.step_up_required', 'identity.last_at_level', 'identity.last_one', 'identity.not_found'],
  })
  unlink(
    @Caller() caller: Principal,
    @Param('identityId', new UuidPipe('identity.not_found')) identityId: string,
  ): Promise<void> {
    return forCaller(this.identities.unlink(caller, identityId));
  }
}

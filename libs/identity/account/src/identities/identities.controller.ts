import { Controller, Delete, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Answers, IdInPath, PageQuery, laterOrDone } from '@countersign/http';
import { Authenticated, Caller, forCaller, type Principal } from '@countersign/sessions';
import { AccountPlane } from '../rules/account-plane';
import { IdentityPage, UnlinkingResponse } from '../dto/me.response';
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
    return forCaller(this.identities.list(caller, page));
  }

  @Delete(':identityId')
  @ApiOperation({
    operationId: 'unlinkIdentity',
    summary: 'Remove an identity, never the last one',
    description:
      'After step-up. Sessions that were opened with it end, this one too if it is among them. An identity that founded the ' +
      'account, or came within the days in which it can be separated, leaves after 72 hours (202), one that came by a ' +
      'merge not before those days are over. A sign-in with it cancels that.',
  })
  @AcceptsGrant()
  @AccountPlane()
  @Answers(UnlinkingResponse, {
    status: 202,
    description: 'The identity is to leave the account.',
    errors: ['account.step_up_required', 'identity.last_at_level', 'identity.last_one'],
  })
  @ApiResponse({ status: 204, description: 'The identity has left the account.' })
  async unlink(
    @Caller() caller: Principal,
    @IdInPath('identityId', 'identity.not_found', 'The id of the identity.') identityId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UnlinkingResponse | undefined> {
    const unlinksAt = await forCaller(this.identities.unlink(caller, identityId));
    return laterOrDone(reply, unlinksAt && { unlinksAt: unlinksAt.toISOString() });
  }

  @Delete(':identityId/unlinking')
  @ApiOperation({
    operationId: 'cancelUnlinking',
    summary: 'Keep an identity that is to leave the account',
    description: 'Without step-up: the account loses nothing by it.',
  })
  @AccountPlane()
  @Answers(null)
  keep(
    @Caller() caller: Principal,
    @IdInPath('identityId', 'identity.not_found', 'The id of the identity.') identityId: string,
  ): Promise<void> {
    return forCaller(this.identities.keep(caller, identityId));
  }
}

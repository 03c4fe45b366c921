import { Body, Delete, Get, Inject, Post, Query, Res, type Type } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { consumingCodes, type BodyDoorClass, type Door } from '@countersign/auth';
import { ApiController, IdInPath, PageQuery } from '@countersign/http';
import { Authenticated, Caller, type Principal } from '@countersign/sessions';
import { AccountPlane, AcceptsGrant } from '../rules/account-plane';
import { IdentityPage, IdentityResponse } from '../dto/me.response';
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

const linkCodes = [...consumingCodes, 'identity.belongs_to_another'];

const LINK_DESCRIPTION =
  'After step-up. The body of the sign-in, with a fresh proof; `applicationId` may be left out. It opens no session.';

/** Builds the route that links an identity by a proof of this door. The door's module provides the door. */
export function linkControllerOf(door: BodyDoorClass): Type {
  const { link: declared, body: bodyType, codes } = door.declaration;
  if (!declared) throw new Error(`proofs of ${door.name} link nothing`);
  const { path, codes: codesOfLink = [], operationId, ...link } = declared;

  @ApiController('v1/me/identities', 'The person')
  class LinkController {
    constructor(
      @Inject(OwnIdentitiesService) private readonly identities: OwnIdentitiesService,
      @Inject(door) private readonly door: Door,
    ) {}

    @Post(path)
    @ApiBody({ type: bodyType })
    @ApiResponse({ status: 200, type: IdentityResponse, description: 'It was linked already.' })
    @AcceptsGrant()
    @AccountPlane(operationId, IdentityResponse, {
      description: LINK_DESCRIPTION,
      ...link,
      status: 201,
      errors: [...codes, ...codesOfLink, ...linkCodes],
    })
    async link(
      @Caller() caller: Principal,
      @Body() body: object,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<IdentityResponse> {
      const { identity, isNew } = await this.identities.link(caller, this.door, body);
      if (!isNew) reply.status(200);
      return identity;
    }
  }
  return LinkController;
}

import { Body, Inject, Post, Res, type Type } from '@nestjs/common';
import { ApiController } from '@countersign/http';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { consumingCodes, type Door, type BodyDoorClass } from '@countersign/auth';
import { Caller, type Principal } from '@countersign/sessions';
import { AccountPlane, AcceptsGrant } from '../rules/account-plane';
import { IdentityResponse } from '../dto/me.response';
import { OwnIdentitiesService } from './own-identities.service';

const linkCodes = [...consumingCodes, 'identity.belongs_to_another'];

const LINK_DESCRIPTION =
  'After step-up. The body of the sign-in, with a fresh proof; `applicationId` may be left out. It opens no session.';

/** The route that links the identity of a proof of this door. Its module provides the door. */
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

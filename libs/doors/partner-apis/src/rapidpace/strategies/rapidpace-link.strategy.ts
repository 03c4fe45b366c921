import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { serviceOf, type VerifiedSignIn } from '@countersign/auth';
import { RapidpaceLinkDoor } from '../rapidpace.doors';

@Injectable()
export class RapidpaceLinkStrategy extends PassportStrategy(Strategy, 'rapidpace-link') {
  validate(request: FastifyRequest<{ Params: { applicationId: string } }>): Promise<VerifiedSignIn> {
    const { applicationId } = request.params;
    // The documented query is a single key, which the framework parses differently.
    const query = /\?(.*)/s.exec(request.url)?.[1] ?? '';
    return serviceOf(request, RapidpaceLinkDoor).open({ applicationId, query });
  }
}

import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { serviceOf, type VerifiedSignIn } from '@countersign/auth';
import { RapidpaceHmacDoor } from '../rapidpace.doors';

@Injectable()
export class RapidpaceHmacStrategy extends PassportStrategy(Strategy, 'rapidpace-hmac') {
  validate(request: FastifyRequest<{ Params: { applicationId: string } }>): Promise<VerifiedSignIn> {
    const { applicationId } = request.params;
    const { 'x-urm-hmac': hmac } = request.headers;
    return serviceOf(request, RapidpaceHmacDoor).open({
      applicationId,
      text: request.bodyText ?? '',
      hmac: typeof hmac === 'string' ? hmac : undefined,
    });
  }
}

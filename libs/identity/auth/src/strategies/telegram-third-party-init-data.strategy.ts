import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import type { VerifiedSignIn } from '../doors/door';
import { ThirdPartyInitDataDoor } from '../telegram/init-data.doors';
import { serviceOf } from './service-of';

@Injectable()
export class ThirdPartyInitDataStrategy extends PassportStrategy(Strategy, 'telegram-third-party-init-data') {
  validate(request: FastifyRequest): Promise<VerifiedSignIn> {
    return serviceOf(request, ThirdPartyInitDataDoor).open(request.body);
  }
}

import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import type { VerifiedSignIn } from '../doors/door';
import { OpenWeb3InitDataDoor } from '../telegram/init-data.doors';
import { serviceOf } from './service-of';

@Injectable()
export class OpenWeb3InitDataStrategy extends PassportStrategy(Strategy, 'openweb3-init-data') {
  validate(request: FastifyRequest): Promise<VerifiedSignIn> {
    return serviceOf(request, OpenWeb3InitDataDoor).open(request.body);
  }
}

import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import type { VerifiedSignIn } from '../doors/door';
import { RedirectCodeDoor } from '../exchange/redirect-code.door';
import { serviceOf } from './service-of';

@Injectable()
export class RedirectCodeStrategy extends PassportStrategy(Strategy, 'redirect-code') {
  validate(request: FastifyRequest): Promise<VerifiedSignIn> {
    return serviceOf(request, RedirectCodeDoor).open(request.body);
  }
}

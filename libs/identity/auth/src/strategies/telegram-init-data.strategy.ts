import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import type { VerifiedSignIn } from '../doors/door';
import { TelegramInitDataDoor } from '../telegram/init-data.doors';
import { serviceOf } from './service-of';

@Injectable()
export class TelegramInitDataStrategy extends PassportStrategy(Strategy, 'telegram-init-data') {
  validate(request: FastifyRequest): Promise<VerifiedSignIn> {
    return serviceOf(request, TelegramInitDataDoor).open(request.body);
  }
}

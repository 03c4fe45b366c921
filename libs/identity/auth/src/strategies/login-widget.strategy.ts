import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import type { VerifiedSignIn } from '../doors/door';
import { LoginWidgetDoor } from '../telegram/login-widget.door';
import { serviceOf } from './service-of';

@Injectable()
export class LoginWidgetStrategy extends PassportStrategy(Strategy, 'login-widget') {
  validate(request: FastifyRequest): Promise<VerifiedSignIn> {
    return serviceOf(request, LoginWidgetDoor).open(request.body);
  }
}

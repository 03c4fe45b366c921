import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { OidcSignInService, type OidcRedirect, type OidcReturn } from '../oidc/oidc-sign-in.service';
import { serviceOf } from './service-of';

@Injectable()
export class TelegramOidcStrategy extends PassportStrategy(Strategy, 'telegram-oidc') {
  validate(request: FastifyRequest): Promise<OidcRedirect> {
    return serviceOf(request, OidcSignInService).finish(request.query as OidcReturn, request.headers.cookie);
  }
}

import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AllowedOrigins } from '@countersign/applications';
import { problemResponses } from '@countersign/http';
import type { Principal } from './session';
import { sessionError } from './session.errors';
import { SessionAuthenticator } from './session-authenticator';

declare module 'fastify' {
  interface FastifyRequest {
    principal?: Principal;
  }
}

/**
 * The access token of `Authorization: Bearer`, RFC 6750.
 * @throws AppError session.token_missing
 */
export function bearerTokenOf({ headers }: FastifyRequest): string {
  const match = /^Bearer ([^ ]+)$/i.exec(headers.authorization ?? '');
  if (!match?.[1]) throw sessionError('session.token_missing');
  return match[1];
}

/** Lets a request pass when its access token stands for a live session, and says whose. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly authenticator: SessionAuthenticator,
    private readonly origins: AllowedOrigins,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const principal = await this.authenticator.authenticate(bearerTokenOf(request));
    const { origin, host } = request.headers;
    if (origin !== undefined) await this.origins.assertAllowed(principal.applicationId, origin, host);
    request.principal = principal;
    request.callerUserId = principal.userId;
    return true;
  }
}

/** What the guard of a session can answer. */
export const sessionErrorCodes: readonly string[] = [
  'session.token_missing',
  'session.token_invalid',
  'session.expired',
  'session.ended',
  'request.origin_not_allowed',
  'service.unavailable',
];

/** Guards a route and documents what the guard answers. */
export function Authenticated(): MethodDecorator {
  return applyDecorators(
    UseGuards(SessionGuard),
    ApiBearerAuth('accessToken'),
    ...problemResponses(sessionErrorCodes),
  );
}

/** The session behind the request of an `@Authenticated()` route. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!principal) throw new Error('@Caller() needs @Authenticated()');
  return principal;
});

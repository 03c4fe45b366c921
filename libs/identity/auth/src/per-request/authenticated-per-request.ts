import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AllowedOrigins } from '@countersign/applications';
import { fromGuard, guardedRoute } from '@countersign/http';
import { CallLimits, RequestAuthenticator, sessionErrorCodes } from '@countersign/sessions';
import { initDataRefusals } from '@countersign/telegram';
import { signingBotCodes } from '../doors/door-codes';
import { PerRequestInitData, type Requester } from './per-request-init-data';

const APPLICATION_HEADER = 'x-countersign-application';

declare module 'fastify' {
  interface FastifyRequest {
    requester?: Requester;
  }
}

/** Lets a request pass with a live session, or with fresh init data where the application allows that. */
@Injectable()
export class RequesterGuard implements CanActivate {
  constructor(
    private readonly sessions: RequestAuthenticator,
    private readonly initData: PerRequestInitData,
    private readonly origins: AllowedOrigins,
    private readonly limits: CallLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.requester = await this.identify(request);
    return this.limits.admit(request.requester, context);
  }

  private async identify(request: FastifyRequest): Promise<Requester> {
    const scheme = /^tma(?: |$)/i.exec(request.headers.authorization ?? '')?.[0];
    const { origin } = request.headers;
    if (scheme === undefined) {
      const { principal } = await this.sessions.authenticate(request);
      await this.origins.assertAllowed(principal.applicationId, origin);
      return principal;
    }
    const initData = request.headers.authorization?.slice(scheme.length) ?? '';
    return this.initData.authenticate(initData, request.headers[APPLICATION_HEADER], origin);
  }
}

const errorCodes = new Set([
  ...sessionErrorCodes,
  ...signingBotCodes,
  ...Object.keys(initDataRefusals),
  'application.not_found',
  'auth.application_missing',
  'auth.assurance_too_low',
  'auth.per_request_refused',
  'auth.proof_outdated',
  'user.deactivated',
  'user.erasure_pending',
]);

/** Like `@Authenticated()`, for the few routes that accept init data per request too. */
export function AuthenticatedPerRequest(): MethodDecorator {
  return guardedRoute(
    RequesterGuard,
    [...errorCodes],
    ApiBearerAuth('accessToken'),
    ApiSecurity('boundAccessToken'),
    ApiSecurity('initData'),
    ApiHeader({
      name: 'X-Countersign-Application',
      required: false,
      description: 'The application, with `Authorization: tma`.',
      schema: { type: 'string', format: 'uuid' },
    }),
  );
}

/** The caller of an `@AuthenticatedPerRequest()` route. */
export const CurrentRequester = fromGuard(({ requester }) => requester, '@AuthenticatedPerRequest()');

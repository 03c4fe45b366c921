import {
  applyDecorators,
  Injectable,
  type CanActivate,
  type ExecutionContext,
  Inject,
  mixin,
  UseGuards,
  type Type,
} from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AllowedOrigins } from '@countersign/applications';
import {
  AddRouteConfig,
  fromGuard,
  guardedRoute,
  problemResponses,
  type OperationOf,
} from '@countersign/http';
import { initDataRefusals } from '@countersign/proofs';
import { CallLimits } from './call-limits';
import type { Principal } from '../session';
import { deviceKeyErrorCodes, sessionError } from '../session.errors';
import { initDataIn, RequestAuthenticator } from './request-authenticator';

const STEP_UP_GRANT = 'x-step-up-grant';

declare module 'fastify' {
  interface FastifyRequest {
    principal?: Principal;
  }
  interface FastifyContextConfig {
    acceptsGrant?: true;
    needsSession?: true;
  }
}

@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly authenticator: RequestAuthenticator,
    private readonly origins: AllowedOrigins,
    private readonly limits: CallLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { acceptsGrant, needsSession } = request.routeOptions.config;
    const { authorization, origin, [STEP_UP_GRANT]: grant } = request.headers;
    if (needsSession && initDataIn(authorization) !== undefined) throw sessionError('session.required');
    const { principal } = await this.authenticator.authenticate(request);
    if (origin !== undefined) await this.origins.assertAllowed(principal.applicationId, origin);
    const stepUpGrant = typeof grant === 'string' ? grant : null;
    request.principal = acceptsGrant ? { ...principal, stepUpGrant } : principal;
    return this.limits.allow(principal, context);
  }
}

export const sessionErrorCodes: readonly string[] = [
  'session.token_missing',
  'session.token_invalid',
  'session.expired',
  'session.ended',
  'session.method_off',
  'request.origin_not_allowed',
  'request.rate_limited',
  'service.unavailable',
  ...deviceKeyErrorCodes,
];

const requestCredentialCodes: readonly string[] = [
  ...Object.keys(initDataRefusals),
  'application.not_found',
  'auth.application_missing',
  'auth.assurance_too_low',
  'auth.per_request_refused',
  'auth.proof_outdated',
  'bot.compromised',
  'bot.disabled',
  'bot.not_found',
  'user.deactivated',
  'user.erasure_pending',
];

/** Documents init data as the credentials of a call, and its errors. */
export function OpenToInitData(): MethodDecorator {
  return applyDecorators(
    ApiSecurity('initData'),
    ApiHeader({
      name: 'X-Countersign-Application',
      required: false,
      description: 'The application, with `Authorization: tma`.',
      schema: { type: 'string', format: 'uuid' },
    }),
    ...problemResponses(requestCredentialCodes),
  );
}

const byAccessToken = () => [ApiBearerAuth('accessToken'), ApiSecurity('boundAccessToken')];

/** Guards a route that a session or init data opens, and documents the guard's errors. */
export function Authenticated(...operation: OperationOf): MethodDecorator {
  return guardedRoute(operation, SessionGuard, sessionErrorCodes, ...byAccessToken(), OpenToInitData());
}

/** Like `@Authenticated()`, but init data alone does not open the route. */
export function InSession(...operation: OperationOf): MethodDecorator {
  const codes = [...sessionErrorCodes, 'session.required'];
  const guarded = guardedRoute(operation, SessionGuard, codes, ...byAccessToken());
  return applyDecorators(AddRouteConfig({ needsSession: true }), guarded);
}

function principalOf({ principal }: FastifyRequest): Principal {
  if (!principal) throw new Error('the route needs @Authenticated()');
  return principal;
}

export const Caller = fromGuard(principalOf, '@Authenticated()');

/** Runs before the input is read. Write it above `@Authenticated()`: guards run upwards. @param check may throw */
export function CallerRule<Service extends object>(
  service: Type<Service>,
  check: (service: Service, caller: Principal, params: Readonly<Record<string, string>>) => Promise<unknown>,
): MethodDecorator {
  @Injectable()
  class CallerGuard implements CanActivate {
    constructor(@Inject(service) private readonly checking: Service) {}

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const request = context.switchToHttp().getRequest<FastifyRequest>();
      await check(this.checking, principalOf(request), request.params as Record<string, string>);
      return true;
    }
  }
  return UseGuards(mixin(CallerGuard));
}

import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AllowedOrigins } from '@countersign/applications';
import {
  assertAllowed,
  fromGuard,
  guardedRoute,
  LimitsRefusals,
  type OperationOf,
  RateLimits,
} from '@countersign/http';
import { ClientCalls } from '@countersign/gateway';
import {
  CallLimits,
  OpenToInitData,
  RequestAuthenticator,
  sessionErrorCodes,
  type Principal,
} from '@countersign/sessions';
import type { Viewer } from './profile';

/** A session, or an application that authenticates with its client secret. */
export type Caller = Principal | (Viewer & { readonly userId: null });

declare module 'fastify' {
  interface FastifyRequest {
    viewer?: Caller;
  }
  interface FastifyContextConfig {
    usernameLimit?: true;
  }
}

/** A caller could guess usernames by these calls. Windows are in seconds. */
const BY_PERSON = { name: 'usernames', limit: 60, window: 60 };
const BY_CLIENT = { name: 'client-usernames', limit: 1_200, window: 60 };

@Injectable()
class ViewerGuard implements CanActivate {
  constructor(
    private readonly sessions: RequestAuthenticator,
    private readonly clients: ClientCalls,
    private readonly origins: AllowedOrigins,
    private readonly calls: CallLimits,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    request.viewer = await this.identify(request, context);
    if (request.routeOptions.config.usernameLimit) {
      const { userId, applicationId } = request.viewer;
      const [rule, key] = userId === null ? [BY_CLIENT, applicationId] : [BY_PERSON, userId];
      assertAllowed(await this.limits.consume(rule, [key]));
    }
    return true;
  }

  private async identify(request: FastifyRequest, context: ExecutionContext): Promise<Caller> {
    const { authorization, origin } = request.headers;
    if (!/^Basic(?: |$)/i.test(authorization ?? '')) {
      const { principal } = await this.sessions.authenticate(request);
      await this.origins.assertAllowed(principal.applicationId, origin);
      await this.calls.allow(principal, context);
      return principal;
    }
    const applicationId = await this.clients.authenticate(request);
    return { applicationId, userId: null };
  }
}

/** Guards a route for sessions and for applications, and documents the guard's errors. */
export function AuthenticatedViewer(...operation: OperationOf): MethodDecorator {
  return guardedRoute(
    operation,
    ViewerGuard,
    [...sessionErrorCodes, 'client.server_only', 'client.unauthenticated'],
    LimitsRefusals('users'),
    ApiBearerAuth('accessToken'),
    ApiSecurity('boundAccessToken'),
    OpenToInitData(),
    ApiBasicAuth('clientSecret'),
  );
}

export const CurrentViewer = fromGuard(({ viewer }) => viewer, '@AuthenticatedViewer()');

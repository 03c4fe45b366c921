import type { IncomingHttpHeaders } from 'node:http';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApiBasicAuth } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { isUUID } from 'class-validator';
import {
  assertAllowed,
  fromGuard,
  guardedRoute,
  type LimitRule,
  LimitsRefusals,
  type OperationOf,
  RateLimits,
  readBasic,
} from '@countersign/http';
import { ClientSecrets } from '@countersign/applications';
import { oauthError } from './oauth.errors';

declare module 'fastify' {
  interface FastifyRequest {
    clientApplicationId?: string;
  }
}

/** The limit of one application, for all its servers. */
const CLIENT_READS: LimitRule = { name: 'client-reads', limit: 30_000, window: 300 };

@Injectable()
export class ClientCalls {
  constructor(
    private readonly secrets: ClientSecrets,
    private readonly limits: RateLimits,
  ) {}

  /** Checks HTTP Basic. All failures, also unknown applications, are alike. */
  async identify(authorization: string | undefined): Promise<string> {
    const presented = readBasic(authorization ?? '');
    if (!presented || !isUUID(presented.clientId)) throw oauthError('client.unauthenticated');
    const applicationId = presented.clientId.toLowerCase();
    if (!(await this.secrets.verify(applicationId, presented.clientSecret)))
      throw oauthError('client.unauthenticated');
    return applicationId;
  }

  /** Refuses a web page, because it cannot keep a secret. */
  async identifyServer({ authorization, origin }: IncomingHttpHeaders): Promise<string> {
    if (origin !== undefined) throw oauthError('client.server_only');
    return this.identify(authorization);
  }

  /** Counts the call too. */
  async authenticate({ headers }: FastifyRequest): Promise<string> {
    const applicationId = await this.identifyServer(headers);
    assertAllowed(await this.limits.consume(CLIENT_READS, [applicationId]));
    return applicationId;
  }
}

@Injectable()
export class ClientGuard implements CanActivate {
  constructor(private readonly calls: ClientCalls) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    request.clientApplicationId = await this.calls.authenticate(request);
    return true;
  }
}

/** Guards a route by client secrets of applications, and documents the guard's errors. */
export function AuthenticatedClient(...operation: OperationOf): MethodDecorator {
  return guardedRoute(
    operation,
    ClientGuard,
    ['client.unauthenticated', 'client.server_only', 'request.rate_limited', 'service.unavailable'],
    LimitsRefusals('users'),
    ApiBasicAuth('clientSecret'),
  );
}

export const CurrentClient = fromGuard(
  ({ clientApplicationId }) => clientApplicationId,
  '@AuthenticatedClient()',
);

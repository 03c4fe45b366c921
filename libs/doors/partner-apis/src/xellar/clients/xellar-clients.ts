import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import {
  AllowedOrigins,
  ApplicationsService,
  ClientSecrets,
  type Application,
} from '@countersign/applications';
import { assertAllowed, CallerAddresses, fromGuard, type LimitRule, RateLimits } from '@countersign/http';
import { xellarError } from '../xellar.errors';
import { xellarSettings } from '../xellar.feature';

declare module 'fastify' {
  interface FastifyRequest {
    xellarApplication?: Application;
  }
}

/** Limits calls with only `x-app-id` per address and application, because any program can make them. */
const CALLS_OF_PAGES: LimitRule = { name: 'xellar-page-calls', limit: 300, window: 60 };

/**
 * Identifies the application of a call. `x-client-secret` proves it, and `x-app-id` proves nothing. So every route
 * behind it also requires a proof or token of the person.
 */
@Injectable()
export class XellarClients {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly secrets: ClientSecrets,
    private readonly origins: AllowedOrigins,
    private readonly limits: RateLimits,
    private readonly addresses: CallerAddresses,
  ) {}

  async identify(request: FastifyRequest): Promise<Application> {
    const { 'x-client-secret': secret, 'x-app-id': appId, origin } = request.headers;
    if (Array.isArray(secret) || Array.isArray(appId)) throw xellarError('xellar.application_unknown');
    if (!secret && !appId) throw xellarError('xellar.application_required');
    const id = secret ? await this.bySecret(secret, appId, origin) : await this.byPage(appId ?? '', request);
    return this.assertEnabled(id);
  }

  async assertEnabled(applicationId: string): Promise<Application> {
    const application = await this.applications.findById(applicationId);
    // Other applications have no embedded wallets.
    if (application?.trust !== 'first-party' || !xellarSettings.of(application.settings).enabled)
      throw xellarError('xellar.application_unknown');
    return application;
  }

  private async bySecret(secret: string, appId = '', origin?: string): Promise<string> {
    if (origin !== undefined) throw xellarError('xellar.secret_in_page');
    const id = await this.secrets.findApplication(secret);
    if (id === null || (appId !== '' && appId.toLowerCase() !== id))
      throw xellarError('xellar.application_unknown');
    return id;
  }

  private async byPage(appId: string, { headers: { origin }, raw }: FastifyRequest): Promise<string> {
    if (origin === undefined) throw xellarError('xellar.origin_required');
    if (!isUUID(appId)) throw xellarError('xellar.application_unknown');
    const id = appId.toLowerCase();
    const address = this.addresses.keyOf(raw);
    if (address) assertAllowed(await this.limits.consume(CALLS_OF_PAGES, [id, ...address]));
    await this.assertEnabled(id);
    await this.origins.assertAllowed(id, origin);
    return id;
  }
}

@Injectable()
export class XellarClientGuard implements CanActivate {
  constructor(private readonly clients: XellarClients) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.xellarApplication = await this.clients.identify(request);
    return true;
  }
}

export const XellarApplication = fromGuard(({ xellarApplication }) => xellarApplication, '@XellarRoute()');

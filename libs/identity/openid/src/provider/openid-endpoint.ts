import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Configuration } from '@countersign/runtime';
import { callRules } from '@countersign/http';
import { openidError } from '../openid.errors';
import { OpenidOrigins } from './openid-origins';
import { DISCOVERY, OpenidProvider } from './openid-provider';
import { hasBegun } from './page';

/** These endpoints store something for any browser, so their calls are limited by address. */
const LIMITED = ['/oidc/auth', '/oidc/device', '/oidc/logout'];
/** Endpoints for clients, including pages of other origins. `OpenidRefusals` limits them. */
const OF_CLIENTS = [
  '/oidc/device/auth',
  '/oidc/introspect',
  '/oidc/par',
  '/oidc/revoke',
  '/oidc/token',
  '/oidc/userinfo',
];
const OTHERS = [DISCOVERY, '/oidc/logout/confirm', '/oidc/logout/success'];
/** `:id` is an interaction. The library accepts other spellings of a path, so only these are passed to it. */
const RESUMED = ['/oidc/auth/:id(^[\\w-]{43}$)', '/oidc/device/:id(^[\\w-]{43}$)'];

/** Passes requests to the library, which reads their bodies itself. */
@Injectable()
export class OpenidEndpoint implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly provider: OpenidProvider,
    private readonly origins: OpenidOrigins,
    private readonly configuration: Configuration,
  ) {}

  onModuleInit(): void {
    const adapter = this.adapterHost.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    // Commands have no server.
    if (!adapter) return;
    const fastify: FastifyInstance = adapter.getInstance();
    void fastify.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _payload, parsed) => {
        parsed(null);
      });
      const handler = (request: FastifyRequest, reply: FastifyReply) => this.answer(request, reply);
      const config = { addressLimit: { rule: callRules.openid, counts: 'calls' as const } };
      for (const url of LIMITED) scope.route({ method: ['GET', 'POST'], url, handler, config });
      const knowsOrigin = (origin: string) => this.origins.isKnown(origin);
      for (const url of OF_CLIENTS)
        scope.route({ method: ['GET', 'POST', 'OPTIONS'], url, handler, config: { knowsOrigin } });
      for (const url of OTHERS) scope.route({ method: ['GET', 'POST'], url, handler });
      for (const url of RESUMED)
        scope.route({ method: 'GET', url, handler, config: { answersBrowsers: true } });
      done();
    });
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const provider = await this.provider.get();
    const { raw, params } = request;
    if ('id' in (params as object) && !hasBegun(request, provider.cookieName('resume')))
      throw openidError('openid.request_not_found');
    const { protocol, host } = new URL(this.configuration.issuer);
    // The library must trust the same proxies as we do.
    Object.assign(raw.headers, {
      host,
      'x-forwarded-host': host,
      'x-forwarded-proto': protocol.slice(0, -1),
      'x-forwarded-for': request.ip,
    });
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    reply.raw.setHeader('x-request-id', request.id);
    reply.hijack();
    await provider.callback()(raw, reply.raw);
  }
}

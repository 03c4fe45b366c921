import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import fastifyOf, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { AllowedOrigins, ApplicationsService } from '@countersign/applications';
import { DailyCounters } from '@countersign/audit';
import { Configuration, Logger, Metrics } from '@countersign/runtime';
import { InputPipe, ProblemFilter, RateLimits, RouteTable, useRateLimits } from '@countersign/http';
import { AgreedClock } from '@countersign/database';
import { IntrospectionEndpoint } from '@countersign/gateway';
import { FeaturesInUse } from '../features';
import { serveDocuments } from '../openapi/serve-documents';
import { adminHosts } from './admin-hosts';
import { useBodies } from './bodies';
import { answerOptions, useCors, readableBy } from './cross-origin';
import { markRoutesWithoutBody } from './routes-without-body';
import { rememberConnections } from './server/draining';
import { isOnItsListener, onlyOnItsListener } from './server/listeners';
import { refuseMalformed } from './server/malformed-requests';
import { noteRequests } from './telemetry';
import { answerInsteadOfNode } from './server/server-options';

/** Sets up all HTTP behaviour, for `main.ts` and for the tests. Fastify refuses hooks after `init`. */
export async function configureApp(app: NestFastifyApplication): Promise<void> {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.decorate('nest', app);
  const logger = app.get(Logger);
  const routes = new RouteTable(isOnItsListener);
  const problems = new ProblemFilter(logger, routes, app.get(FeaturesInUse).errors);
  fastify.setErrorHandler((error, request, reply) => {
    problems.answer(error, request, reply);
  });
  fastify.addHook('onRoute', ({ url, method }) => {
    routes.add(url, [method].flat());
  });
  answerInsteadOfNode(fastify.server);
  rememberConnections(fastify.server);
  const { foreignPrefixes } = app.get(FeaturesInUse);
  markRoutesWithoutBody(app);
  useBodies(fastify, foreignPrefixes);
  const applications = app.get(ApplicationsService);
  noteRequests(fastify, logger, app.get(Metrics), {
    counters: app.get(DailyCounters),
    isKnown: (id) => applications.peekById(id) !== undefined,
  });
  const headers = await useAnswerHeaders(fastify);
  const origins = app.get(AllowedOrigins);
  useCors(fastify, origins);
  refuseMalformed(fastify);
  onlyOnItsListener(fastify, adminHosts(app.get(Configuration)));
  answerOptions(fastify, routes);
  refuseByWrongClock(fastify, app.get(AgreedClock), ['/v1/', '/oidc/', ...foreignPrefixes]);
  useRateLimits(fastify, app.get(RateLimits));
  answerBeforeRouting(fastify, app.get(IntrospectionEndpoint), origins, headers);

  app.useGlobalPipes(new InputPipe());
  app.useGlobalFilters(problems);
  serveDocuments(app);
}

/** @param headers the headers of every response */
function answerBeforeRouting(
  fastify: FastifyInstance,
  introspection: IntrospectionEndpoint,
  origins: AllowedOrigins,
  headers: Readonly<Record<string, string>>,
): void {
  const { server } = fastify;
  const common = Object.entries(headers).flat();
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const { origin } = request.headers;
    if (!introspection.isAsked(request)) fastify.routing(request, response);
    else if (origin === undefined) introspection.answer(request, response, common);
    else
      void readableBy(origins, origin).then((readable) => {
        introspection.answer(request, response, [...common, ...readable]);
      });
  });
}

/** Answers calls of the API with 503 while the clock is wrong: valid tokens would expire, and expired ones be valid. */
function refuseByWrongClock(fastify: FastifyInstance, clock: AgreedClock, prefixes: readonly string[]): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { url } = request.routeOptions;
    if (url !== undefined && prefixes.some((prefix) => url.startsWith(prefix))) clock.assertRight();
    done();
  });
}

/** Forbids caching, framing and sniffing, and returns the request id. @returns the headers that never change */
async function useAnswerHeaders(fastify: FastifyInstance): Promise<Record<string, string>> {
  const headers: Readonly<Record<string, string>> = { ...(await headersOfHelmet()), vary: 'Origin' };
  const { 'cross-origin-opener-policy': _, ...headersInPopups } = headers;
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(isInPopup(request) ? headersInPopups : headers);
    done();
  });
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    void reply.header('x-request-id', request.id);
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done();
  });
  return headers;
}

/** Sign-in pages and the redirects to and from Telegram. With the header, a redirect would cut the window off too. */
const POPUP_PREFIXES = ['/oidc/', '/v1/auth/telegram/oidc/'];

/** A page of another origin may open the window of a sign-in, which answers this page at the end. */
function isInPopup({ url, routeOptions }: FastifyRequest): boolean {
  return (
    POPUP_PREFIXES.some((prefix) => url.startsWith(prefix)) || routeOptions.config.answersBrowsers === true
  );
}

/** Every response has the same headers, so Helmet runs once. As a hook it takes a tenth of a short request. */
async function headersOfHelmet(): Promise<Record<string, string>> {
  const asked = fastifyOf();
  await asked.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    frameguard: { action: 'deny' },
  });
  const names = new Set<string>();
  asked.get('/', (_request, reply) => {
    for (const name of Object.keys(reply.getHeaders())) names.add(name);
    return '';
  });
  const { headers } = await asked.inject('/');
  await asked.close();
  return Object.fromEntries([...names].map((name) => [name, String(headers[name])]));
}

import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AllowedOrigins, ApplicationsService } from '@countersign/applications';
import { Configuration } from '@countersign/config';
import { InputPipe, ProblemFilter, RouteTable } from '@countersign/http';
import { AgreedClock } from '@countersign/database';
import { RateLimits, useRateLimits } from '@countersign/limits';
import { IntrospectionEndpoint } from '@countersign/oauth';
import { Logger, Metrics, Refusals, Tracing } from '@countersign/observability';
import { DpopNonces } from '@countersign/sessions';
import { countRequests } from '../metrics/count-requests';
import { traceRequests } from '../metrics/trace-requests';
import { serveDocuments } from '../openapi/serve-documents';
import { adminHosts } from './admin-hosts';
import { offerNonces, useAnswerHeaders } from './answer-headers';
import { answerBeforeRouting } from './before-routing';
import { useBodies } from './bodies';
import { answerOptions, useCors } from './cross-origin';
import { rememberConnections } from './server/draining';
import { isOnItsListener, onlyOnItsListener } from './server/listeners';
import { refuseMalformed } from './server/malformed-requests';
import { refuseByWrongClock } from './wrong-clock';
import { noteRefusals } from './note-refusals';
import { logRequests } from './request-log';
import { answerInsteadOfNode } from './server/server-options';

/** Sets up all HTTP behaviour; the same for `main.ts` and for the tests. Call it before `init`. */
export async function configureApp(app: NestFastifyApplication): Promise<void> {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  const logger = app.get(Logger);
  const routes = new RouteTable(isOnItsListener);
  const problems = new ProblemFilter(logger, routes);
  fastify.setErrorHandler((error, request, reply) => {
    problems.answer(error, request, reply);
  });
  fastify.addHook('onRoute', ({ url, method }) => {
    routes.add(url, [method].flat());
  });
  answerInsteadOfNode(fastify.server);
  rememberConnections(fastify.server);
  traceRequests(fastify, app.get(Tracing));
  useBodies(fastify);
  logRequests(fastify, logger);
  countRequests(fastify, app.get(Metrics));
  noteRefusals(fastify, app.get(Refusals), app.get(ApplicationsService));
  const headers = await useAnswerHeaders(fastify);
  const origins = app.get(AllowedOrigins);
  await useCors(fastify, origins);
  offerNonces(fastify, app.get(DpopNonces));
  refuseMalformed(fastify);
  onlyOnItsListener(fastify, adminHosts(app.get(Configuration)));
  answerOptions(fastify, routes);
  refuseByWrongClock(fastify, app.get(AgreedClock));
  useRateLimits(fastify, app.get(RateLimits));
  answerBeforeRouting(fastify, app.get(IntrospectionEndpoint), origins, { ...headers, vary: 'Origin' });

  app.useGlobalPipes(new InputPipe());
  app.useGlobalFilters(problems);
  serveDocuments(app);
}

import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AllowedOrigins } from '@countersign/applications';
import { InputPipe, ProblemFilter, RouteTable } from '@countersign/http';
import { Logger } from '@countersign/observability';
import { serveDocuments } from '../openapi/serve-documents';
import { useAnswerHeaders } from './answer-headers';
import { useJsonBodies } from './bodies';
import { answerOptions, useCors } from './cross-origin';
import { isOnItsListener, onlyOnItsListener } from './listeners';
import { refuseMalformed } from './malformed-requests';
import { logRequests } from './request-log';
import { answerInsteadOfNode } from './server-options';

/** Everything that makes HTTP out of the modules; the same for `main.ts` and for the tests. Call it before `init`. */
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
  useJsonBodies(fastify);
  logRequests(fastify, logger);
  await useAnswerHeaders(fastify);
  await useCors(fastify, app.get(AllowedOrigins));
  refuseMalformed(fastify);
  onlyOnItsListener(fastify);
  answerOptions(fastify, routes);

  app.useGlobalPipes(new InputPipe());
  app.useGlobalFilters(problems);
  app.enableShutdownHooks([]);
  serveDocuments(app);
}

import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AllowedOrigins } from '@countersign/applications';
import { InputPipe, parseJsonBody, ProblemFilter, RouteTable } from '@countersign/http';
import { Logger } from '@countersign/observability';
import { serveDocuments } from '../openapi/serve-documents';
import { onlyOnItsListener } from './listeners';
import { logRequests } from './request-log';

const PREFLIGHT_SECONDS = 600;

/** Everything that makes HTTP out of the modules; the same for `main.ts` and for the tests. Call it before `init`. */
export async function configureApp(app: NestFastifyApplication): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const logger = app.get(Logger);
  const routes = new RouteTable();
  fastify.addHook('onRoute', ({ url, method }) => {
    routes.add(url, [method].flat());
  });
  useJsonBodies(fastify);
  logRequests(fastify, logger);
  onlyOnItsListener(fastify);
  await useSecurityHeaders(fastify);
  await useCors(fastify, app.get(AllowedOrigins));

  app.useGlobalPipes(new InputPipe());
  app.useGlobalFilters(new ProblemFilter(logger, routes));
  app.enableShutdownHooks([]);
  serveDocuments(app);
}

function useJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => {
    try {
      done(null, parseJsonBody(bytes as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

async function useSecurityHeaders(fastify: FastifyInstance): Promise<void> {
  await fastify.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    frameguard: { action: 'deny' },
  });
  fastify.addHook('onSend', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
  });
}

/** A preflight names no application: an origin of any is let through, and the request itself is checked again. */
async function useCors(fastify: FastifyInstance, origins: AllowedOrigins): Promise<void> {
  await fastify.register(cors, {
    origin: (origin: string | undefined, decide: (error: Error | null, allow: boolean) => void) => {
      if (origin === undefined) decide(null, false);
      else
        origins.isKnown(origin).then(
          (isKnown) => {
            decide(null, isKnown);
          },
          () => {
            decide(null, false);
          },
        );
    },
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'x-request-id'],
    exposedHeaders: ['retry-after', 'www-authenticate', 'x-request-id'],
    maxAge: PREFLIGHT_SECONDS,
    strictPreflight: false,
  });
}

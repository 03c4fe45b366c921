import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { publicDocument } from './documents';
import { errorList } from './error-list';

const PAGE = 'docs';
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'";

/**
 * The API page at `/docs` (`/` redirects there), error codes at `/docs/errors.md`, the document at
 * `/openapi/public.json`.
 */
export function serveDocuments(app: NestFastifyApplication): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', ({ routeOptions }, reply, done) => {
    // Swagger UI's page names its files relative to `/docs`.
    if (routeOptions.url === `/${PAGE}/index.html`) void reply.redirect(`/${PAGE}`);
    else done();
  });
  fastify.addHook('onSend', ({ routeOptions }, reply, _payload, done) => {
    if (routeOptions.url?.startsWith(`/${PAGE}`)) void reply.header('content-security-policy', PAGE_POLICY);
    done();
  });
  fastify.get('/', (_request, reply) => reply.redirect(`/${PAGE}`));
  fastify.get(`/${PAGE}/errors.md`, (_request, reply) =>
    // Browsers show it; `text/markdown` some of them save.
    reply.header('content-type', 'text/plain; charset=utf-8').send(errorList()),
  );
  SwaggerModule.setup(PAGE, app, () => publicDocument(app), {
    jsonDocumentUrl: 'openapi/public.json',
    raw: ['json'],
    customSiteTitle: 'Countersign API',
    swaggerOptions: { deepLinking: true, persistAuthorization: false },
  });
}

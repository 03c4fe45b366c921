import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { isInternal } from '../http/server/listeners';
import { adminDocument, metaproDocument, publicDocument, xellarDocument } from './documents';
import { errorList } from './pages/error-list';

const PAGE = 'docs';
/** On the port of the administration API. */
const ADMIN_PAGE = 'v1/admin/docs';
/** Both are below the first, and so with its policy. */
const METAPRO_PAGE = 'docs/metapro';
const XELLAR_PAGE = 'docs/xellar';
const PAGES = [METAPRO_PAGE, XELLAR_PAGE, PAGE, ADMIN_PAGE];
const swaggerOptions = { deepLinking: true, persistAuthorization: false };
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'";

/**
 * The API page at `/docs` (`/` redirects there), error codes at `/docs/errors.md`, the document at
 * `/openapi/public.json`; those for clients of Metapro at `/docs/metapro` and `/openapi/metapro.json`, and likewise of Xellar; for operators the page at `/v1/admin/docs` and the document at `/openapi/admin.json`.
 */
export function serveDocuments(app: NestFastifyApplication): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', ({ routeOptions }, reply, done) => {
    // Swagger UI's page names its files relative to `/docs`.
    const page = PAGES.find((each) => routeOptions.url === `/${each}/index.html`);
    if (page === undefined) done();
    else void reply.redirect(`/${page}`);
  });
  fastify.addHook('onSend', ({ routeOptions }, reply, _payload, done) => {
    if (PAGES.some((page) => routeOptions.url?.startsWith(`/${page}`)))
      void reply.header('content-security-policy', PAGE_POLICY);
    done();
  });
  fastify.get('/', (request, reply) => reply.redirect(`/${isInternal(request) ? ADMIN_PAGE : PAGE}`));
  fastify.get(`/${PAGE}/errors.md`, (_request, reply) =>
    // Browsers show it; `text/markdown` some of them save.
    reply.header('content-type', 'text/plain; charset=utf-8').send(errorList()),
  );
  SwaggerModule.setup(PAGE, app, () => publicDocument(app), {
    jsonDocumentUrl: 'openapi/public.json',
    raw: ['json'],
    customSiteTitle: 'Countersign API',
    swaggerOptions,
  });
  SwaggerModule.setup(METAPRO_PAGE, app, () => metaproDocument(app), {
    jsonDocumentUrl: 'openapi/metapro.json',
    raw: ['json'],
    customSiteTitle: 'Countersign for clients of Metapro',
    swaggerOptions,
  });
  SwaggerModule.setup(XELLAR_PAGE, app, () => xellarDocument(app), {
    jsonDocumentUrl: 'openapi/xellar.json',
    raw: ['json'],
    customSiteTitle: 'Countersign for clients of Xellar',
    swaggerOptions,
  });
  SwaggerModule.setup(ADMIN_PAGE, app, () => adminDocument(app), {
    jsonDocumentUrl: 'openapi/admin.json',
    raw: ['json'],
    customSiteTitle: 'Countersign administration API',
    swaggerOptions,
  });
}

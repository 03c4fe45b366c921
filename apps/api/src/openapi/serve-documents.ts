import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { FeaturesInUse } from '../features';
import { isInternal } from '../http/server/listeners';
import { adminDocument, metaproDocument, publicDocument, xellarDocument } from './documents';
import { errorList } from './pages/error-list';

const PAGE = 'docs';
const ADMIN_PAGE = 'v1/admin/docs';

const PAGES = [
  // These pages are below the public page, so they have its policy.
  {
    page: 'docs/metapro',
    name: 'metapro',
    title: 'Countersign for clients of Metapro',
    document: metaproDocument,
  },
  {
    page: 'docs/xellar',
    name: 'xellar',
    title: 'Countersign for clients of Xellar',
    document: xellarDocument,
  },
  { page: PAGE, name: 'public', title: 'Countersign API', document: publicDocument },
  { page: ADMIN_PAGE, name: 'admin', title: 'Countersign administration API', document: adminDocument },
];
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'";

/** Serves the pages of the APIs, their documents below `/openapi/`, and the error codes. `/` redirects to a page. */
export function serveDocuments(app: NestFastifyApplication): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  const features = app.get(FeaturesInUse);
  const pages = PAGES.filter(
    ({ name }) => name === 'public' || name === 'admin' || features.names.includes(name),
  );
  fastify.addHook('onRoute', (route) => {
    const found = pages.find(({ page }) => route.url.startsWith(`/${page}`));
    if (found === undefined) return;
    // The page of Swagger UI names its files relative to `/docs`.
    const isIndex = route.url === `/${found.page}/index.html`;
    route.onRequest = (_request, reply, done) => {
      if (isIndex) void reply.redirect(`/${found.page}`);
      else done();
    };
    route.onSend = (_request, reply, _payload, done) => {
      void reply.header('content-security-policy', PAGE_POLICY);
      done();
    };
  });
  fastify.get('/', (request, reply) => reply.redirect(`/${isInternal(request) ? ADMIN_PAGE : PAGE}`));
  fastify.get(`/${PAGE}/errors.md`, (_request, reply) =>
    // Browsers show plain text. Some of them save `text/markdown` as a file.
    reply.header('content-type', 'text/plain; charset=utf-8').send(errorList()),
  );
  for (const { page, name, title, document } of pages)
    SwaggerModule.setup(page, app, () => document(app), {
      jsonDocumentUrl: `openapi/${name}.json`,
      raw: ['json'],
      customSiteTitle: title,
      swaggerOptions: { deepLinking: true, persistAuthorization: false },
    });
}

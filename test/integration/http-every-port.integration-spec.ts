import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { anOperator } from '../support/operator';
import { aRequest, sendRaw, type RawAnswer } from '../support/raw-http';
import { useApplication, useTestApp } from '../support/use-test-app';

const ports = ['public', 'gateway', 'admin'] as const;
type Port = (typeof ports)[number];

const app = useTestApp();
const demo = useApplication(app);

describe.each(ports)('the %s port', (name) => {
  const port = (): number =>
    ({ public: app.port, gateway: app.gatewayPort, admin: (app.adminServer.address() as AddressInfo).port })[
      name
    ];
  const ask = (line: string, ...headers: readonly string[]): Promise<RawAnswer> =>
    sendRaw(port(), aRequest(line, ...headers));

  it.each(['TRACE', 'TRACK', 'trace'])('refuses %s, and echoes nothing of the request', async (method) => {
    for (const path of ['/', '/health/live', '/v1/me', '/v1/gateway/authorize', '/v1/admin/me', '/nope']) {
      const answer = await ask(
        `${method} ${path}`,
        'X-Canary: canary-4471',
        'Authorization: Bearer canary-4472',
      );

      expect([400, 401, 404, 405]).toContain(answer.status);
      expect(answer.text).not.toContain('canary-447');
    }
  });

  it.each([
    ...[
      '/.git/config',
      '/.git/HEAD',
      '/.svn/entries',
      '/.env',
      '/.npmrc',
      '/package.json',
      '/package-lock.json',
    ],
    ...[
      '/dist/',
      '/node_modules/',
      '/libs/',
      '/docs/.git/config',
      '/docs/../.git/config',
      '/docs/index.css/',
    ],
    ...['/docs/swagger-ui', '/server-status', '/debug', '/openapi/', '/openapi', '/docs/errors.md/'],
  ])('has neither files of the source nor a listing of a folder at %s', async (path) => {
    expect(await ask(`GET ${path}`)).toMatchObject({
      status: 404,
      body: { code: 'request.route_not_found' },
    });
  });

  it('forbids caches, and says neither what it runs on nor in which version', async () => {
    const token = await tokensOf[name]();
    const answers = [
      ...(await Promise.all(
        routes[name].map((path) => ask(`GET ${path}`, `Authorization: Bearer ${token}`)),
      )),
      ...(await Promise.all(routes[name].map((path) => ask(`GET ${path}`)))),
      await ask('GET /nope'),
      await ask('GET /%zz'),
      await ask('PUT /health/live', 'Content-Length: 0'),
      await sendRaw(port(), 'garbage\r\n\r\n'),
    ];

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400, 401, 404, 405]));
    for (const { text, headers } of answers) {
      expect(headers['cache-control']).toBe('no-store');
      for (const header of ['server', 'x-powered-by', 'via', 'x-runtime'])
        expect(headers).not.toHaveProperty(header);
      expect(text).not.toMatch(new RegExp(`fastify|express|nestjs|node_modules|${process.version}`, 'i'));
    }
  });

  const routes: Record<Port, readonly string[]> = {
    public: ['/v1/me', '/v1/me/sessions'],
    gateway: ['/v1/gateway/authorize'],
    admin: ['/v1/admin/me', '/v1/admin/users'],
  };
  const ofPerson = async (): Promise<string> => (await app.signIn(demo)).accessToken;
  const tokensOf: Record<Port, () => Promise<string>> = {
    public: ofPerson,
    gateway: ofPerson,
    admin: async () => (await anOperator(app)).accessToken,
  };
});

/** Pages and their files, the answer to OPTIONS, and OpenID Connect, whose document is its discovery. */
const PAGES =
  /^(?:\*|\/|\/docs|\/openapi\/(?:public|admin|metapro|xellar)\.json|\/v1\/admin\/docs|\/join\/:code|\/\.well-known\/openid-configuration)$|^\/oidc\/|^\/(?:v1\/admin\/)?(?:docs\/|console(?:\/|$))/;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** `GET /v1/me` and so on, of the tree that Fastify prints. */
function routesIn(tree: string): readonly string[] {
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods = ''] = /^([│ ]*[├└]── )(\S+)(?: \((.+)\))?$/.exec(line) ?? [];
    above.splice(indent.length / 4 - 1, Infinity, part);
    const path = above.join('').replaceAll('//', '/');
    return methods.split(', ').map((method) => `${method} ${path}`);
  });
}

function documentedRoutes(): readonly string[] {
  return ['public', 'gateway', 'admin', 'metapro', 'xellar'].flatMap((name) => {
    const text = readFileSync(`docs/openapi/${name}.json`, 'utf8');
    const { paths } = JSON.parse(text) as { paths: Record<string, object> };
    return Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((method) => METHODS.includes(method))
        .map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
  });
}

/** The document of Xellar's clients names one of two versions. */
function ofFirstVersion(route: string): string {
  return route.endsWith('/wallet/refresh') ? route : route.replace(' /api/v2/', ' /api/v1/');
}

describe('the routes of all ports', () => {
  it('are those of the documents, and no other', () => {
    const fastify: FastifyInstance = app.nest.getHttpAdapter().getInstance();
    const served = routesIn(fastify.printRoutes({ commonPrefix: false })).filter((route) => {
      const [method = '', path = ''] = route.split(' ');
      return !['', 'HEAD', 'OPTIONS'].includes(method) && !PAGES.test(path);
    });

    expect(served.length).toBeGreaterThan(80);
    // The check of the gateway answers without Fastify.
    const documented = documentedRoutes()
      .filter((route) => !route.endsWith(' /v1/gateway/authorize'))
      // Its document names one of two prefixes.
      .flatMap((route) => [route, route.replace(' /users-service/', ' /ms/users-service/')])
      .flatMap((route) => [route, ofFirstVersion(route)]);
    expect([...new Set(served)].toSorted()).toEqual([...new Set(documented)].toSorted());
  });
});

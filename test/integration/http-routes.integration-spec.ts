import { readFileSync } from 'node:fs';
import { expectProblem } from '../support/expect-problem';
import { useTestApp } from '../support/use-test-app';

const SIGN_IN = '/v1/auth/telegram/init-data';

describe('routes and methods', () => {
  const app = useTestApp();

  let authorization: string;

  beforeAll(async () => {
    authorization = `Bearer ${(await app.signIn(await app.createApplication())).accessToken}`;
  });

  it.each(['/nope', '/v1', '/v1/me/', '/V1/me', '//v1/me', '/favicon.ico'])(
    'answers 404 to every method of the unknown route %s',
    async (path) => {
      for (const method of ['get', 'post', 'delete', 'options'] as const)
        expectProblem(await app.http[method](path), 404, 'request.route_not_found');
    },
  );

  it.each([
    ['post', '/v1/me', 'DELETE, GET, HEAD, OPTIONS'],
    ['put', SIGN_IN, 'OPTIONS, POST'],
    ['get', '/v1/me/sessions/0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11', 'DELETE, OPTIONS'],
    ['trace', '/health/live', 'GET, HEAD, OPTIONS'],
    ['propfind', '/v1/me?depth=1', 'DELETE, GET, HEAD, OPTIONS'],
    ['post', '/', 'GET, HEAD, OPTIONS'],
  ] as const)('answers 405 to %s %s and names the methods that it takes', async (method, path, allow) => {
    const answer = await app.http[method](path);

    expectProblem(answer, 405, 'request.method_not_allowed');
    expect(answer.headers['allow']).toBe(allow);
  });

  it('leads from / to the API page, and from there to the error codes', async () => {
    const home = await app.http.get('/');
    expect({ status: home.status, location: home.headers['location'] }).toEqual({
      status: 302,
      location: '/docs',
    });

    const page = await app.http.get('/docs/errors.md');
    expect(page.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(page.text).toBe(readFileSync('docs/errors.md', 'utf8'));
  });

  it('answers HEAD like GET, without the body', async () => {
    const get = await app.http.get('/v1/me').set({ authorization });
    const head = await app.http.head('/v1/me').set({ authorization });

    expect(head.status).toBe(200);
    expect(head.headers['content-type']).toBe(get.headers['content-type']);
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
    expect(head.text).toBeUndefined();
  });

  it('answers OPTIONS that is no preflight with the methods of the route', async () => {
    const answer = await app.http.options('/v1/me/sessions');

    expect(answer.status).toBe(204);
    expect(answer.headers['allow']).toBe('DELETE, GET, HEAD, OPTIONS');
    expect(answer.text).toBe('');
  });

  it.each(['/%zz', '/%', '/%00', '/%c3%28', '/v1/me/%0a', '/docs/%00', '/docs/%e0%80'])(
    'refuses the malformed URL %s',
    async (path) => {
      expectProblem(await app.http.get(path), 400, 'request.malformed_url');
    },
  );

  it.each(['x', '1', '%2e%2e%2fme', "'%20OR%201=1", '%F0%9F%92%A9', 'a'.repeat(101), 'a'.repeat(12_000)])(
    'answers an id that cannot exist like one that does not (%#)',
    async (id) => {
      const answer = await app.http.delete(`/v1/me/sessions/${id}`).set({ authorization });

      expectProblem(answer, 404, 'session.not_found');
    },
  );

  it.each([
    '/docs/..%2f..%2fpackage.json',
    '/docs/%2e%2e/%2e%2e/package.json',
    '/docs/..%5c..%5cpackage.json',
    '/docs//etc/passwd',
    `/docs/${'a'.repeat(5_000)}`,
    `/docs/${'a/'.repeat(3_000)}`,
  ])('serves no other file under /docs (%#)', async (path) => {
    expectProblem(await app.http.get(path), 404, 'request.route_not_found');
  });
});

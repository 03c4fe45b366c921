import { expectProblem } from '../support/expect-problem';
import { sendRaw } from '../support/raw-http';
import { useTestApp } from '../support/use-test-app';

describe('the gateway listener', () => {
  const app = useTestApp();

  it('answers health, as the public listener does', async () => {
    expect((await app.gateway.get('/health/live')).body).toEqual({ status: 'ok', checks: [] });
    app.clock.catchUp();
    expect((await app.gateway.get('/health/ready')).status).toBe(200);
    expectProblem(await app.gateway.post('/health/live'), 405, 'request.method_not_allowed');
  });

  it.each([
    '/v1/me',
    '/v1/auth/refresh',
    '/v1/me/sessions',
    '/',
    '/docs',
    '/docs/errors.md',
    '/docs/swagger-ui.css',
    '/openapi/public.json',
  ])('does not know %s, whatever the method', async (path) => {
    for (const method of ['get', 'post', 'head', 'options', 'put'] as const) {
      const answer = await app.gateway[method](path);

      expect(answer.status).toBe(404);
      expect(answer.headers).not.toHaveProperty('allow');
      if (method !== 'head') expectProblem(answer, 404, 'request.route_not_found');
    }
  });

  it.each([
    '/v1/gateway/authorize',
    '/v1/gateway/authorize/',
    '/v1/gateway/authorize?audience=a',
    '/v1/gateway',
    '/v1//gateway/authorize',
    '/v1/gateway/%61uthorize',
    '/metrics',
  ])('alone knows %s', async (path) => {
    expectProblem(await app.http.get(path), 404, 'request.route_not_found');
  });

  it.each([
    '/v1/gateway/nope',
    '/v1/gateway/authorized',
    '/v1//gateway/authorize',
    '/v1/gateway/%61uthorize',
  ])('has nothing at %s either', async (path) => {
    expectProblem(await app.gateway.get(path), 404, 'request.route_not_found');
  });

  it('answers what is not HTTP with a problem', async () => {
    const answer = await sendRaw(app.gatewayPort, 'garbage\r\n\r\n');

    expect(answer).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    expectProblem(await app.gateway.get('/%zz'), 400, 'request.malformed_url');
  });
});

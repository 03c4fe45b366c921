import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import request from 'supertest';
import { listenForGateway } from '../../apps/api/src/http/listeners';
import { expectProblem } from '../support/expect-problem';
import { sendRaw } from '../support/raw-http';
import { TestApp } from '../support/test-app';

describe('the gateway listener', () => {
  let app: TestApp;
  let gateway: Server;

  beforeAll(async () => {
    app = await TestApp.start();
    gateway = await listenForGateway(app.nest.getHttpAdapter().getInstance(), '127.0.0.1', 0);
  });

  afterAll(async () => {
    const closed = once(gateway, 'close');
    gateway.close();
    await closed;
    await app.close();
  });

  it('answers health, as the public listener does', async () => {
    expect((await request(gateway).get('/health/live')).body).toEqual({ status: 'ok', checks: [] });
    expect((await request(gateway).get('/health/ready')).status).toBe(200);
    expectProblem(await request(gateway).post('/health/live'), 405, 'request.method_not_allowed');
  });

  it.each([
    '/v1/me',
    '/v1/auth/refresh',
    '/v1/me/sessions',
    '/docs',
    '/docs/swagger-ui.css',
    '/openapi/public.json',
  ])('does not know %s, whatever the method', async (path) => {
    for (const method of ['get', 'post', 'head', 'options', 'put'] as const) {
      const answer = await request(gateway)[method](path);

      expect(answer.status).toBe(404);
      expect(answer.headers).not.toHaveProperty('allow');
      if (method !== 'head') expectProblem(answer, 404, 'request.route_not_found');
    }
  });

  it.each(['/v1/gateway/authorize', '/v1/gateway/nope'])(
    'has nothing at %s yet, and neither has the public one',
    async (path) => {
      expectProblem(await request(gateway).get(path), 404, 'request.route_not_found');
      expectProblem(await app.http.get(path), 404, 'request.route_not_found');
    },
  );

  it('answers what is not HTTP with a problem', async () => {
    const { port } = gateway.address() as AddressInfo;
    const answer = await sendRaw(port, 'garbage\r\n\r\n');

    expect(answer).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    expectProblem(await request(gateway).get('/%zz'), 400, 'request.malformed_url');
  });
});

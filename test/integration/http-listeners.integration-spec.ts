import { Server, type AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { startApi } from '../../apps/api/src/bootstrap';
import { expectProblem } from '../support/expect-problem';
import { sendRaw } from '../support/raw-http';
import { databaseEnvironment } from '../support/test-database';
import { useTestApp } from '../support/use-test-app';

const app = useTestApp();

describe('the gateway listener', () => {
  it('answers health, as the public listener does', async () => {
    expect((await app.gateway.get('/health/live')).body).toEqual({ status: 'ok', checks: [] });
    app.clock.catchUp();
    expect((await app.gateway.get('/health/ready')).status).toBe(200);
    expectProblem(await app.gateway.post('/health/live'), 405, 'request.method_not_allowed');
  });

  it.each([
    '/v1/gateway/authorize',
    '/v1/gateway/authorize/',
    '/v1/gateway/external-auth/any/orders',
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
    '/v1/gateway/authorize/orders',
    '/v1/gateway/external-auth',
    '/v1/gateway/external-author/any/x',
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

describe('the listener for operators', () => {
  it('has the port that was chosen for it, or the service does not start', async () => {
    const [creating, listening] = [jest.spyOn(NestFactory, 'create'), jest.spyOn(Server.prototype, 'listen')];
    const { port } = app.adminServer.address() as AddressInfo;

    const error = await startApi({
      NODE_ENV: 'test',
      ...databaseEnvironment(app.database),
      KEYS: app.keys,
      JOBS: 'off',
      LOG_LEVEL: 'silent',
      PORT: '0',
      GATEWAY_PORT: '0',
      ADMIN_PORT: String(port),
    }).catch((thrown: unknown) => thrown);

    // In production the process ends with the error.
    for (const { value } of creating.mock.results) await ((await value) as INestApplication).close();
    for (const server of listening.mock.contexts as Server[]) server.close();
    jest.restoreAllMocks();
    expect(error).toMatchObject({ code: 'EADDRINUSE', port });
  });
});

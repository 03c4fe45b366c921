import { fastify, type FastifyInstance } from 'fastify';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { Configuration } from '@countersign/config';
import { generateKeyRing, KeyRing } from '@countersign/crypto';
import { KeepsBodyText, ProblemFilter, RouteTable } from '@countersign/http';
import { createLogger, Metrics, SideTasks } from '@countersign/observability';
import { LimitsCalls, LimitsRefusals, RateLimits, SharedStore, useRateLimits } from '.';
import { LimitDigests } from './limit-digests';

const logger = createLogger('silent');
const clock = { now: () => new Date('2026-11-20T12:00:00Z') };

class Routes {
  @LimitsRefusals('sign-in')
  @KeepsBodyText()
  signIn(): void {
    return;
  }

  @LimitsCalls('redirect')
  start(): void {
    return;
  }
}

/** What the decorators tell Fastify of a handler. */
function configOf(handler: object): object {
  return Reflect.getMetadata(RouteConfig({}).KEY, handler) as object;
}

/** A service whose answers have the status that the query names, behind one trusted proxy. */
function aService(): FastifyInstance {
  const configuration = { keyRing: KeyRing.parse(JSON.stringify(generateKeyRing())), redisUrl: null };
  const { keyRing } = configuration as unknown as Configuration;
  const store = new SharedStore(
    configuration as unknown as Configuration,
    new SideTasks(logger, new Metrics()),
  );
  const digests = new LimitDigests({ keyRing } as Configuration);
  const limits = new RateLimits(digests, store, clock, new Metrics());
  const service = fastify({ trustProxy: '127.0.0.1' });
  const problems = new ProblemFilter(logger, new RouteTable(() => true), []);
  service.setErrorHandler((error, request, reply) => problems.answer(error, request, reply));
  useRateLimits(service, limits);
  for (const [url, handler] of [
    ['/sign-in', Routes.prototype.signIn],
    ['/start', Routes.prototype.start],
    ['/free', undefined],
  ] as const)
    service.post(url, { config: handler ? configOf(handler) : {} }, async (request, reply) =>
      reply.status(Number((request.query as { status: string }).status)).send(),
    );
  return service;
}

const post = (service: FastifyInstance, url: string, address: string, body?: string) =>
  service.inject({
    method: 'POST',
    url,
    headers: { 'x-forwarded-for': address, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body } : {}),
  });

async function statusesOf(
  service: FastifyInstance,
  url: string,
  address: string,
  calls: number,
): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  for (let index = 0; index < calls; index++) {
    const { statusCode } = await post(service, url, address);
    statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
  }
  return statuses;
}

describe('useRateLimits', () => {
  let service: FastifyInstance;

  beforeEach(() => {
    service = aService();
  });

  afterEach(() => service.close());

  it.each([400, 401, 403, 404, 410, 422])('refuses an address after 120 answers of %d', async (status) => {
    const url = `/sign-in?status=${status}`;

    expect(await statusesOf(service, url, '203.0.113.9', 122)).toEqual({ [status]: 120, 429: 2 });
    const refused = await post(service, '/sign-in?status=200', '203.0.113.9');
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'request.rate_limited', status: 429 });
    expect(refused.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'retry-after': '60',
    });
  });

  it.each([200, 302, 409, 413, 500, 503])('never counts an answer of %d', async (status) => {
    expect(await statusesOf(service, `/sign-in?status=${status}`, '203.0.113.9', 130)).toEqual({
      [status]: 130,
    });
  });

  it('counts what is refused before there is a handler to refuse it', async () => {
    for (let index = 0; index < 120; index++)
      expect((await post(service, '/sign-in?status=200', '203.0.113.9', '{')).statusCode).toBe(400);

    expect((await post(service, '/sign-in?status=200', '203.0.113.9')).statusCode).toBe(429);
  });

  it('counts every call of a route that keeps something for whoever asks', async () => {
    expect(await statusesOf(service, '/start?status=302', '203.0.113.9', 61)).toEqual({ 302: 60, 429: 1 });
  });

  it('never limits an address that does not say who is asking', async () => {
    expect(await statusesOf(service, '/sign-in?status=401', '10.0.0.7', 130)).toEqual({ 401: 130 });
  });

  it('believes no address from somebody who is no trusted proxy', async () => {
    const forged = (index: number) =>
      service.inject({
        method: 'POST',
        url: '/sign-in?status=401',
        remoteAddress: '198.51.100.1',
        headers: { 'x-forwarded-for': `203.0.113.${index}` },
      });
    for (let index = 0; index < 120; index++) await forged(index);

    expect((await forged(200)).statusCode).toBe(429);
  });

  it('leaves other routes alone, and those that do not exist', async () => {
    expect(await statusesOf(service, '/free?status=401', '203.0.113.9', 130)).toEqual({ 401: 130 });
    expect(await statusesOf(service, '/none', '203.0.113.9', 130)).toEqual({ 404: 130 });
  });
});

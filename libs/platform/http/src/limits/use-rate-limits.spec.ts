import { fastify, type FastifyInstance } from 'fastify';
import { RouteConfig } from '@nestjs/platform-fastify';
import { type Configuration, createLogger, Metrics, SideTasks } from '@countersign/runtime';
import { generateKeyRing, KeyRing } from '@countersign/crypto';
import { KeepsBodyText } from '../routes/route-config';
import { ProblemFilter } from '../problems/problem.filter';
import { RouteTable } from '../routes/route-table';
import { LimitsRefusals, useRateLimits } from './address-limits';
import { RateLimits } from './rate-limits';
import { SharedStore } from './store/shared-store';
import { type LimitRule } from './limit-rule';
import { LimitDigests } from './limit-digests';

const logger = createLogger('silent');
const clock = { now: () => new Date('2026-11-20T12:00:00Z') };

class Routes {
  @LimitsRefusals('sign-in')
  @KeepsBodyText()
  signIn(): void {
    return;
  }
}

/** What the decorators tell Fastify of a handler. */
function configOf(handler: object): object {
  return Reflect.getMetadata(RouteConfig({}).KEY, handler) as object;
}

function theLimits(): RateLimits {
  const configuration = { keyRing: KeyRing.parse(JSON.stringify(generateKeyRing())), redisUrl: null };
  const { keyRing } = configuration as unknown as Configuration;
  const store = new SharedStore(
    configuration as unknown as Configuration,
    new SideTasks(logger, new Metrics()),
  );
  const digests = new LimitDigests({ keyRing } as Configuration);
  return new RateLimits(digests, store, clock, new Metrics());
}

/** A service whose answers have the status that the query names, behind one trusted proxy. */
function aService(): FastifyInstance {
  const service = fastify({ trustProxy: '127.0.0.1' });
  const problems = new ProblemFilter(logger, new RouteTable(() => true), []);
  service.setErrorHandler((error, request, reply) => problems.answer(error, request, reply));
  useRateLimits(service, theLimits());
  service.post('/sign-in', { config: configOf(Routes.prototype.signIn) }, async (request, reply) =>
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

  it.each([200, 302, 409, 413, 429, 500, 503])('never counts an answer of %d', async (status) => {
    expect(await statusesOf(service, `/sign-in?status=${status}`, '203.0.113.9', 130)).toEqual({
      [status]: 130,
    });
  });

  it('counts what is refused before there is a handler to refuse it', async () => {
    for (let index = 0; index < 120; index++)
      expect((await post(service, '/sign-in?status=200', '203.0.113.9', '{')).statusCode).toBe(400);

    expect((await post(service, '/sign-in?status=200', '203.0.113.9')).statusCode).toBe(429);
  });

  it('never limits an address that does not say who is asking', async () => {
    expect(await statusesOf(service, '/sign-in?status=401', '10.0.0.7', 130)).toEqual({ 401: 130 });
  });
});

describe('a rule', () => {
  it('begins a new window when it gets another length, and not when it gets another limit', async () => {
    const limits = theLimits();
    const rule: LimitRule = { name: 'test', limit: 2, window: 60 };
    await limits.consume(rule, ['a']);
    await limits.consume(rule, ['a']);

    expect(await limits.peek({ ...rule, limit: 5 }, ['a'])).toMatchObject({ isAllowed: true });
    expect(await limits.peek({ ...rule, limit: 1 }, ['a'])).toMatchObject({ isAllowed: false });
    expect(await limits.peek({ ...rule, window: 30 }, ['a'])).toMatchObject({ isAllowed: true });
  });
});

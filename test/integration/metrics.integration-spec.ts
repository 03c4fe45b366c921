import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PrincipalsService } from '@countersign/admin';
import { Metrics, plusSeconds } from '@countersign/runtime';
import { generateKeyRing } from '@countersign/crypto';
import { aPerson } from '../factories';
import { anOperator } from '../support/operator';
import { findCanaries, formsOf } from '../support/search-bytes';
import { TestApp } from '../support/test-app';
import type { TestDatabase } from '../support/test-database';
import { TestWorker } from '../support/test-worker';
import { until } from '../support/until';
import { useApplication, useTestApp, useTestDatabase, useDatabaseLine } from '../support/use-test-app';

const ROOT = join(__dirname, '../..');

/** Routes of the group `Sign in` that sign nobody in. */
const NO_DOORS = [
  '/v1/auth/logout',
  '/v1/auth/refresh',
  '/v1/auth/telegram/oidc/start',
  '/v1/auth/wallets/challenges',
  '/v1/openid/requests/{code}',
  '/v1/openid/requests/{code}/accept',
  '/v1/openid/requests/{code}/refuse',
  '/v1/rapidpace/{applicationId}/players',
];

const GRANT = { grant_type: 'client_credentials' };

interface OpenApiDocument {
  readonly paths: Record<string, Record<string, { readonly tags?: readonly string[] }>>;
}

describe('GET /metrics', () => {
  const database = useTestDatabase();
  const line = useDatabaseLine(database);
  const app = useTestApp(async () => ({
    database: line.database,
    keys: await makeJobQueue(database),
  }));
  const demo = useApplication(app);

  const scrape = () => app.gateway.get('/metrics');
  const valueOf = async (name: string, labels: Record<string, string> = {}): Promise<number | undefined> =>
    find(readMetrics((await scrape()).text).samples, name, labels)?.value;

  const signIns = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      readMetrics((await scrape()).text)
        .samples.filter(({ name }) => name === 'countersign_sign_ins_total')
        .map(({ labels, value }) => [`${labels['door'] ?? ''} ${labels['outcome'] ?? ''}`, value]),
    );

  it('answers the text format of Prometheus on the listener of the gateway', async () => {
    const answer = await scrape();

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.text).toContain('# TYPE countersign_http_requests_total counter\n');
  });

  it('counts requests by the pattern of their route', async () => {
    const count = (labels: Record<string, string>) => valueOf('countersign_http_requests_total', labels);
    const session = { route: '/v1/me/sessions/:sessionId', method: 'DELETE', status: '401' };
    const unknown = { route: 'unknown', method: 'GET', status: '404' };
    const before = { session: (await count(session)) ?? 0, unknown: (await count(unknown)) ?? 0 };

    for (const id of ['one', 'two', 'three']) await app.http.delete(`/v1/me/sessions/${id}`);
    for (const path of ['/secret-path', '/v1/nope?token=x']) await app.http.get(path);

    expect(await count(session)).toBe(before.session + 3);
    expect(await count(unknown)).toBe(before.unknown + 2);
    const { samples } = readMetrics((await scrape()).text);
    const routes = samples.map(({ labels }) => labels['route']).filter((route) => route !== undefined);
    expect(routes.filter((route) => /one|secret|nope|token/.test(route))).toEqual([]);
    expect(await valueOf('countersign_http_request_duration_seconds_count', { route: session.route })).toBe(
      before.session + 3,
    );
  });

  it('counts sign-ins by door and by how they ended', async () => {
    const { applicationId } = demo;
    const malformed = app.initDataOf(demo).replace('hash=', 'hash=0');
    const before = await signIns();

    await app.signIn(demo);
    await app.postSignIn({ applicationId, initData: malformed });
    await app.postSignIn({ applicationId });
    const link = `/v1/rapidpace/${applicationId}/redirect?a=b`;
    await app.http.get(link);
    // What a messenger sends to preview a link is no sign-in.
    await app.http.head(link);

    const after = await signIns();
    const added = Object.entries(after).map(([ending, count]) => [ending, count - (before[ending] ?? 0)]);
    expect(Object.fromEntries(added)).toEqual({
      'telegram_init_data signed_in': 1,
      'telegram_init_data init_data.hash_malformed': 1,
      'telegram_init_data request.invalid': 1,
      'rapidpace_link rapidpace.not_configured': 1,
    });
  });

  /** By how much each sample grows while something is done. */
  const counts: Record<string, { grown: Record<string, number>; work: () => Promise<void> }> = {
    'checks of the gateway': {
      grown: {
        'http_requests_total{route="/v1/gateway/authorize",method="GET",status="200"}': 1,
        'http_requests_total{route="/v1/gateway/authorize",method="GET",status="401"}': 1,
      },
      work: async () => {
        await app.check((await app.signIn(demo)).accessToken);
        await app.check('junk');
      },
    },
    'refreshes by outcome': {
      grown: {
        'refreshes_total{outcome="refreshed"}': 1,
        'refreshes_total{outcome="session.token_invalid"}': 1,
      },
      work: async () => {
        await app.refresh((await app.signIn(demo)).refreshToken);
        await app.refresh('junk');
      },
    },
    'ended sessions by reason, once each': {
      grown: { 'sessions_ended_total{reason="logout"}': 1, 'sessions_ended_total{reason="revoked"}': 2 },
      work: async () => {
        const person = aPerson();
        const { userId } = await app.signIn(demo, person);
        await app.signIn(demo, person);
        const { accessToken } = await app.signIn(demo);
        await app.http.post('/v1/auth/logout').set('authorization', `Bearer ${accessToken}`);
        await app.accounts.revoke({ userId });
        await app.catchUp();
      },
    },
    'calls above a rate limit by rule': {
      grown: { 'rate_limited_total{rule="sign-in"}': 1 },
      work: async () => {
        const signIn = { limit: 1, window: 60 };
        const narrow = await app.createApplication({ settings: { rateLimits: { signIn } } });
        const { applicationId } = narrow;
        const person = aPerson();
        await app.signIn(narrow, person);
        await app.postSignIn({ applicationId, initData: app.initDataOf(narrow, person) });
      },
    },
    'refusals of the administration API by their code': {
      grown: {
        'admin_refusals_total{code="principal.unauthenticated"}': 1,
        'admin_refusals_total{code="principal.scope_missing"}': 1,
        'admin_refusals_total{code="principal.invalid_client"}': 1,
        'admin_refusals_total{code="user.not_found"}': 0,
      },
      work: async () => {
        const reader = await anOperator(app, ['users:read']);
        await app.admin.get('/v1/admin/users').set('authorization', 'Bearer junk');
        await reader.get('/v1/admin/bots');
        await app.admin.post('/v1/admin/token').auth(reader.principalId, 'junk').type('form').send(GRANT);
        await reader.get(`/v1/admin/users/${randomUUID()}`);
        await app.http.get('/v1/me').set('authorization', 'Bearer junk');
      },
    },
  };

  it.each(Object.entries(counts))('counts %s', async (_, { grown, work }) => {
    const read = async () => {
      const lines = (await scrape()).text.split('\n');
      const valueIn = (sample: string) =>
        Number(
          lines
            .find((line) => line.startsWith(`countersign_${sample} `))
            ?.split(' ')
            .at(-1) ?? 0,
        );
      return Object.keys(grown).map((sample) => [sample, valueIn(sample)] as const);
    };
    const before = Object.fromEntries(await read());

    await work();

    const after = (await read()).map(([sample, value]) => [sample, value - (before[sample] ?? 0)]);
    expect(Object.fromEntries(after)).toEqual(grown);
  });

  it('tells when the first secret of an active principal expires', async () => {
    const expiresIn = () => valueOf('countersign_principal_secret_expires_seconds');
    const principals = app.nest.get(PrincipalsService);
    const [first, second] = [await anOperator(app), await anOperator(app)];
    const add = (principalId: string, days: number) =>
      principals.addSecret(
        principalId,
        { name: `${days}`, expiresAt: plusSeconds(app.clock.now(), days * 86_400) },
        null,
      );
    await add(first.principalId, 30);
    await add(second.principalId, 10);
    expect(await expiresIn()).toBeCloseTo(10 * 86_400, -2);

    await principals.update(second.principalId, { status: 'disabled' }, null);
    expect(await expiresIn()).toBeCloseTo(30 * 86_400, -2);
    app.clock.advance(31 * 86_400);
    expect(await expiresIn()).toBeCloseTo(59 * 86_400, -2);
  });

  it('knows all doors', async () => {
    const { paths } = (await app.http.get('/openapi/public.json')).body as OpenApiDocument;
    const routes = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([, { tags }]) => tags?.includes('Sign in'))
        .map(([method]) => ({ path, method })),
    );
    const counted: string[] = [];
    for (const { path, method } of routes) {
      const before = await signIns();
      await app.http[method as 'get'](path.replaceAll(/\{\w+\}/g, demo.applicationId));
      const after = await signIns();
      const grown = Object.keys(after).filter((ending) => after[ending] !== before[ending]);
      if (grown.length > 0) counted.push(path);
      expect({ path, counts: grown.length }).toEqual({ path, counts: NO_DOORS.includes(path) ? 0 : 1 });
    }

    expect(counted).toHaveLength(8);
  });

  it('tells nothing of a person, an application or a client', async () => {
    const person = aPerson({
      id: 7_316_204_958_137,
      first_name: 'Canary-Name',
      username: 'canary_user_8461',
    });
    const { userId, accessToken, refreshToken } = await app.signIn(demo, person);
    await app.getMe(accessToken).set({
      'x-forwarded-for': '203.0.113.77',
      'x-request-id': 'canary-request',
      'user-agent': 'canary-agent',
    });
    await app.http.get(`/v1/canary-path?access_token=${accessToken}`);
    const values = {
      ...demo,
      ...{ userId, accessToken, refreshToken, id: String(person.id), name: 'Canary-Name' },
      ...{ username: 'canary_user_8461', address: '203.0.113.77', request: 'canary-request' },
      ...{ agent: 'canary-agent', path: 'canary-path' },
    };
    const canaries = new Map(Object.entries(values).map(([name, value]) => [name, formsOf(value)]));

    expect(findCanaries(Buffer.from((await scrape()).text), canaries)).toEqual([]);
  });

  it('tells of the pool, of notifications and of jobs, and not of a Redis that is not configured', async () => {
    await until(async () => (await valueOf('countersign_job_last_success_seconds')) !== undefined);
    await until(async () => (await valueOf('countersign_notifications_live')) === 1);

    expect(await valueOf('countersign_rate_limits_shared')).toBeUndefined();
    // Statements of the page itself wait while the pool opens connections.
    await until(async () => (await valueOf('countersign_database_pool_waiting')) === 0);
  });

  it('says that replicas count alone where Redis is configured and away', async () => {
    const alone = await TestApp.start({ environment: { REDIS_URL: 'redis://127.0.0.1:1' } });
    try {
      const { samples } = readMetrics((await alone.gateway.get('/metrics')).text);
      expect(find(samples, 'countersign_rate_limits_shared')?.value).toBe(0);
    } finally {
      await alone.close();
    }
  });

  it('answers while the database refuses connections, without what only the database knows', async () => {
    await until(async () => (await valueOf('countersign_job_last_success_seconds')) !== undefined);
    await line.cut();

    const answer = await scrape();

    expect(answer.status).toBe(200);
    const { samples } = readMetrics(answer.text);
    expect(find(samples, 'countersign_job_last_success_seconds')).toBeUndefined();
    expect(find(samples, 'countersign_database_pool_waiting')).toBeDefined();
    await until(async () => (await valueOf('countersign_notifications_live')) === 0);
    await line.restore();
    await until(async () => (await valueOf('countersign_job_last_success_seconds')) !== undefined);
  });

  it.each(['deploy/grafana/countersign.json', 'deploy/prometheus/countersign.rules.yml'])(
    'has every metric that %s asks for',
    async (path) => {
      app.nest.get(Metrics).jobDone({ job_name: 'session-upkeep', outcome: 'done' }, 1);
      const { names } = readMetrics((await scrape()).text);
      const asked = (await readFile(join(ROOT, path), 'utf8')).match(/\bcountersign_\w+/g) ?? [];

      expect(asked.length).toBeGreaterThan(20);
      expect(asked.filter((name) => !names.has(name))).toEqual([]);
    },
  );
});

/** By a process with jobs, and answers its keys; the one under test has none, and tells of the queue of all. */
async function makeJobQueue(database: TestDatabase): Promise<string> {
  const keys = JSON.stringify(generateKeyRing());
  const worker = await TestWorker.start({ database, keys, environment: { JOBS: 'on' } });
  await until(async () => {
    const jobs = await database.query('SELECT name FROM jobs');
    return jobs.length > 0;
  });
  await worker.close();
  return keys;
}

function find(
  samples: readonly Sample[],
  wanted: string,
  labels: Readonly<Record<string, string>> = {},
): Sample | undefined {
  return samples.find(
    (sample) =>
      sample.name === wanted &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Exposition {
  /** The names of the metrics, with or without samples. */
  readonly families: ReadonlySet<string>;
  /** The names that can be asked for: those of the parts of a histogram instead of its own. */
  readonly names: ReadonlySet<string>;
  readonly samples: readonly Sample[];
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text format of Prometheus. Throws at a line that is none of it. */
function readMetrics(text: string): Exposition {
  const families = new Set<string>();
  const names = new Set<string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const [, family, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (family && type) {
      families.add(family);
      const parts = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      for (const part of parts) names.add(family + part);
    } else if (line !== '' && !line.startsWith('#')) samples.push(readSample(line));
  }
  return { families, names, samples };
}

function readSample(line: string): Sample {
  const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`no line of the text format: ${line}`);
  const pairs = [...labels.matchAll(LABEL)].map(([, label = '', text = '']) => [label, text] as const);
  return { name, labels: Object.fromEntries(pairs), value: Number(value) };
}

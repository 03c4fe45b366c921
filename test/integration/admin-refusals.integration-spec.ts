import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { RefusalJournal, RefusalUpkeep } from '@countersign/audit';
import { aPerson, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { auditOf } from '../support/audit';
import { anOperator, type Operator } from '../support/operator';
import { useCountersign } from '../support/run-countersign';
import { statementsOf } from '../support/statement-count';
import { useFixture } from '../support/use-fixture';
import {
  useApplication,
  useReplica,
  useTcpProxy,
  useTestApp,
  useTestDatabase,
} from '../support/use-test-app';

const DAY = 86_400;

interface Refused {
  readonly items: readonly { readonly code: string; readonly applicationId: string | null }[];
}

describe('refusals', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);
  const demo = useApplication(app);
  const operator = useFixture<Operator>(() => anOperator(app), { per: 'test' });
  const flush = (all = true): Promise<void> => app.nest.get(RefusalJournal).flush(all);
  const junk = (extra: object = {}) =>
    app.postSignIn({ applicationId: demo.applicationId, initData: 'hash=junk', ...extra });

  /** What the work leaves in the audit trail, the counts of its minute among it. */
  async function refusedBy(work: () => Promise<unknown>) {
    await flush();
    const before = (await auditOf(app, { action: 'auth.refused' })).length;
    await work();
    await flush();
    return (await auditOf(app, { action: 'auth.refused' })).slice(before);
  }

  it('of junk cost no statement, and are one record for each application, door, code and minute', async () => {
    await junk();
    const minute = new Date(Math.floor(app.clock.now().getTime() / 60_000) * 60_000);
    const records = await refusedBy(async () => {
      // Also where the id of the application is written in capitals.
      const capitals = { applicationId: demo.applicationId.toUpperCase() };
      const manyOf = () => Promise.all(times(20, (index) => junk(index % 2 === 0 ? {} : capitals)));
      expect(await statementsOf(app, manyOf)).toEqual([]);
      await junk({ applicationId: randomUUID() });
      await app.refresh('cs_rt_junk');
      // These take no credentials.
      expectProblem(await app.http.get('/nope'), 404, 'request.route_not_found');
      await app.http.post('/v1/auth/wallets/challenges').send({}).expect(400);
    });

    expect(records).toHaveLength(3);
    expect(records).toEqual(
      expect.arrayContaining([
        {
          action: 'auth.refused',
          actor: 'unverified',
          subject: null,
          applicationId: demo.applicationId,
          details: {
            door: 'telegram_init_data',
            code: 'init_data.hash_malformed',
            count: '20',
            minute: minute.toISOString(),
          },
        },
        expect.objectContaining({
          applicationId: null,
          details: expect.objectContaining({ code: 'application.not_found', count: '1' }) as unknown,
        }),
        expect.objectContaining({
          applicationId: null,
          details: expect.objectContaining({ route: '/v1/auth/refresh', count: '1' }) as unknown,
        }),
      ]),
    );
  });

  it('of a minute that is not over wait, and are written when it is', async () => {
    await flush();
    const before = (await auditOf(app, { action: 'auth.refused' })).length;
    await junk();

    await flush(false);
    expect(await auditOf(app, { action: 'auth.refused' })).toHaveLength(before);

    app.clock.advance(60);
    await flush(false);
    expect(await auditOf(app, { action: 'auth.refused' })).toHaveLength(before + 1);
  });

  it('of secrets of applications and of principals are recorded', async () => {
    const records = await refusedBy(async () => {
      await app.http
        .post('/v1/oauth/introspect')
        .auth(demo.applicationId, 'wrong')
        .type('form')
        .send({ token: 'x' })
        .expect(401);
      await app.admin
        .post('/v1/admin/token')
        .auth(operator.principalId, 'wrong')
        .type('form')
        .send({ grant_type: 'client_credentials' })
        .expect(401);
    });

    expect(records.map(({ actor, details: { route, code } }) => [actor, route, code])).toEqual(
      expect.arrayContaining([
        ['unverified', '/v1/oauth/introspect', 'client.unauthenticated'],
        ['unverified', '/v1/admin/token', 'principal.invalid_client'],
      ]),
    );
  });

  it('of verified callers name them, with a record each', async () => {
    const reader = await anOperator(app, ['users:read']);
    const { userId, accessToken } = await app.signIn(demo, aPerson());
    const [user] = await app.database.query<{ pseudonym: string }>(
      'SELECT audit_pseudonym AS pseudonym FROM users WHERE id = $1',
      [userId],
    );
    const records = await refusedBy(async () => {
      for (let count = 0; count < 2; count += 1) await reader.get('/v1/admin/audit').expect(403);
      await app.http
        .post('/v1/me/step-up')
        .set('authorization', `Bearer ${accessToken}`)
        .send({ initData: 'hash=junk' })
        .expect(403);
    });

    expect(records).toHaveLength(3);
    const scopeMissing = expect.objectContaining({
      actor: `principal:${reader.principalId}`,
      details: {
        route: '/v1/admin/audit',
        code: 'principal.scope_missing',
        at: expect.stringMatching(/^20.*Z$/) as unknown,
      },
    }) as unknown;
    expect(records.filter(({ actor }) => actor === `principal:${reader.principalId}`)).toEqual([
      scopeMissing,
      scopeMissing,
    ]);
    expect(records).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          actor: `user:${user?.pseudonym ?? ''}`,
          applicationId: demo.applicationId,
        }),
      ]),
    );
  });

  it('of verified callers beyond fifty alike in a minute are counted', async () => {
    const reader = await anOperator(app, ['users:read']);
    app.clock.advance(60);
    const records = await refusedBy(async () => {
      for (let round = 0; round < 5; round += 1)
        await Promise.all(times(11, () => reader.get('/v1/admin/audit').expect(403)));
    });

    expect(records.filter(({ details }) => details['at'] !== undefined)).toHaveLength(50);
    expect(records.filter(({ details }) => details['at'] === undefined)).toEqual([
      expect.objectContaining({
        actor: `principal:${reader.principalId}`,
        details: expect.objectContaining({ count: '5' }) as unknown,
      }),
    ]);
  });

  it('of people who were deactivated name them', async () => {
    const person = aPerson();
    const { userId } = await app.signIn(demo, person);
    const [user] = await app.database.query<{ pseudonym: string }>(
      'SELECT audit_pseudonym AS pseudonym FROM users WHERE id = $1',
      [userId],
    );
    await app.accounts.setStatus(userId, 'deactivated');
    app.clock.advance(1);

    const records = await refusedBy(async () => {
      const answer = await junk({ initData: app.initDataOf(demo, person) });
      expectProblem(answer, 403, 'user.deactivated');
      expect(JSON.stringify(answer.body)).not.toContain(userId);
    });

    expect(records).toEqual([
      expect.objectContaining({
        actor: `user:${user?.pseudonym ?? ''}`,
        applicationId: demo.applicationId,
        details: expect.objectContaining({ door: 'telegram_init_data', code: 'user.deactivated' }) as unknown,
      }),
    ]);
  });

  it('are written when the process ends', async () => {
    const count = async () => (await auditOf(app, { action: 'auth.refused' })).length;
    await flush();
    const before = await count();
    await app.withReplica(async (replica) => {
      await replica.refresh('cs_rt_junk').expect(401);
    });
    expect(await count()).toBe(before + 1);
  });

  it('are written again when the database was away', async () => {
    const records = await refusedBy(async () => {
      await junk();
      await app.database.query('ALTER TABLE refused_requests RENAME TO away');
      await flush();
      await app.database.query('ALTER TABLE away RENAME TO refused_requests');
      await junk();
    });

    expect(records.map(({ details: { count } }) => count)).toEqual(['2']);
    const failures = await app.gateway.get('/metrics');
    expect(failures.text).toContain('countersign_side_task_failures_total{task="refusals"} 1');
  });

  it('keep nothing that was presented', async () => {
    const secret = `secret-${randomUUID()}`;
    await junk({ initData: `hash=${secret}&user=${secret}` });
    await app.refresh(secret);
    await flush();

    const stored = await app.database.query(
      `SELECT a::text AS text FROM audit_records a UNION ALL SELECT r::text FROM refused_requests r`,
    );
    expect(stored.length).toBeGreaterThan(0);
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  describe('by request id', () => {
    const replica = useReplica(app);
    const ask = (requestId: string) => operator.get(`/v1/admin/requests/${requestId}`);
    const withId = (requestId: string) => junk().set('x-request-id', requestId);

    it('are shown with code, rule, route and application, from all replicas', async () => {
      const requestId = `ticket-${randomUUID()}`;
      await withId(requestId).expect(401);
      app.clock.advance(1);
      await replica.http.get('/v1/me').set('x-request-id', requestId).expect(401);
      await replica.nest.get(RefusalJournal).flush(false);

      const answer = await ask(requestId).expect(200);

      expect(answer.body).toEqual({
        items: [
          {
            refusedAt: app.clock.now().toISOString(),
            code: 'session.token_missing',
            rule: expect.any(String) as string,
            status: 401,
            route: '/v1/me',
            applicationId: null,
          },
          {
            refusedAt: new Date(app.clock.now().getTime() - 1_000).toISOString(),
            code: 'init_data.hash_malformed',
            rule: expect.stringMatching(/ /) as string,
            status: 401,
            route: '/v1/auth/telegram/init-data',
            applicationId: demo.applicationId,
          },
        ],
      });
      const records = await auditOf(app, { action: 'refusal.read' });
      expect(records.at(-1)).toMatchObject({
        actor: `principal:${operator.principalId}`,
        subject: null,
        details: { found: '2' },
      });
    });

    it('are shown at the command line too', async () => {
      const requestId = randomUUID();
      await withId(requestId);

      const answer = await ask(requestId).expect(200);

      const { output } = await countersign.run(`audit request ${requestId} --json`);
      expect(JSON.parse(output)).toEqual((answer.body as Refused).items[0]);
      expect((await countersign.run(`audit request ${requestId}`)).output).toMatch(/^refused at +code +rule/);
      expect(await countersign.failure(`audit request ${randomUUID()}`)).toMatch(/No refused request/);
    });

    it('are bounded: a flood of one kind displaces no other', async () => {
      app.clock.advance(60);
      await flush();
      const count = async (): Promise<number> => {
        await flush(false);
        const [found] = await app.database.query<{ count: number }>(
          'SELECT count(*)::int AS count FROM refused_requests',
        );
        return found?.count ?? 0;
      };
      const before = await count();
      for (let round = 0; round < 4; round += 1)
        await Promise.all(times(25, () => app.http.get('/v1/nowhere').expect(404)));
      expect(await count()).toBe(before + 50);

      const requestId = randomUUID();
      await app.http.get('/v1/me').set('x-request-id', requestId).expect(401);
      expect(((await ask(requestId).expect(200)).body as Refused).items).toHaveLength(1);
    });

    it('are forgotten after three days', async () => {
      const requestId = randomUUID();
      await withId(requestId);
      await ask(requestId).expect(200);

      app.clock.advance(3 * DAY - 60);
      await app.nest.get(RefusalUpkeep).run();
      const later = await anOperator(app);
      await later.get(`/v1/admin/requests/${requestId}`).expect(200);

      app.clock.advance(61);
      expect(await app.nest.get(RefusalUpkeep).run()).toBeGreaterThan(0);
      expectProblem(await later.get(`/v1/admin/requests/${requestId}`), 404, 'refused_request.not_found');
    });

    it.each([randomUUID(), '-x', 'x'.repeat(101), "'%20OR%201", 'a%2fb'])(
      'are unknown: %s',
      async (requestId) => {
        expectProblem(await ask(requestId), 404, 'refused_request.not_found');
      },
    );

    it('are for the scope audit:read', async () => {
      const reader = await anOperator(app, ['users:read']);
      expectProblem(await reader.get(`/v1/admin/requests/${randomUUID()}`), 403, 'principal.scope_missing');
      expectProblem(await app.admin.get('/v1/admin/requests/x'), 401, 'principal.unauthenticated');
      expectProblem(await ask('%00'), 400, 'request.malformed_url');
    });
  });
});

describe('refusals whose COMMIT was carried out and not answered', () => {
  const database = useTestDatabase();
  const network = useTcpProxy(() => database.url);
  const app = useTestApp(() => ({ database, environment: { DATABASE_URL: network.url } }));
  const demo = useApplication(app);

  it('are written again once, and hold up none that come later', async () => {
    const flush = () => app.nest.get(RefusalJournal).flush(true);
    const junk = () => app.postSignIn({ applicationId: demo.applicationId, initData: 'hash=junk' });
    await flush();
    const inserting = new Set<Socket>();
    network.tap = (bytes, direction, connection) => {
      const text = bytes.toString('latin1');
      if (text.includes('INSERT INTO refused_requests')) inserting.add(connection);
      const isLost = direction === 'to-client' && inserting.has(connection) && text.includes('COMMIT');
      if (isLost) connection.destroy();
      return !isLost;
    };
    await junk();
    await flush();
    network.tap = () => true;
    await junk();
    await flush();

    expect(inserting.size).toBe(1);
    const rows = await database.query('SELECT 1 FROM refused_requests');
    expect(rows).toHaveLength(2);
  });
});

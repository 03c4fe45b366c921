import { AuditUpkeep } from '@countersign/audit';
import { ProofUpkeep } from '@countersign/auth';
import { SystemClock } from '@countersign/runtime';
import { generateKeyRing } from '@countersign/crypto';
import { RecurringJobs } from '@countersign/database';
import { exitCodeOf } from '../../apps/cli/src/describe-error';
import { expectProblem } from '../support/expect-problem';
import { Countersign } from '../support/run-countersign';
import type { TestDatabase } from '../support/test-database';
import { TestWorker } from '../support/test-worker';
import { anOperator } from '../support/operator';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp, useTestDatabase } from '../support/use-test-app';

const DAY = 86_400;

describe('the upkeep of a replica whose clock is wrong', () => {
  const app = useTestApp({ environment: { AUDIT_RETENTION_DAYS: '30' } });
  const demo = useApplication(app);

  /** What the upkeep could change: partitions, and the rows of what it deletes by. */
  async function kept(): Promise<unknown> {
    const [partitions, counts] = await Promise.all([
      app.database.query(
        `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent IN ('proofs'::regclass, 'audit_records'::regclass) ORDER BY 1`,
      ),
      app.database.query(
        `SELECT (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM audit_records) AS audit_records,
           (SELECT count(*) FROM proofs) AS proofs, (SELECT count(*) FROM one_time_tokens) AS codes,
           (SELECT array_agg(id::text ORDER BY id) FROM identity_keys) AS keys`,
      ),
    ]);
    return { partitions, counts };
  }

  afterEach(async () => {
    app.databaseClock.setAhead(0);
    await app.http.get('/health/ready');
  });

  it.each([500, -10])('by %i days changes nothing, and says so', async (days) => {
    const { sessionId } = await app.signIn(demo);
    await app.accounts.revoke({ sessionId });
    const before = await kept();
    const lines = app.logLines.length;
    app.clock.advance(days * DAY);
    app.databaseClock.setAhead(-days * DAY);

    const removing = app.nest.get(RecurringJobs).all.filter(({ removes }) => removes !== undefined);
    expect(removing.map(({ name }) => name)).toContain('session-upkeep');
    for (const job of removing) {
      const outcome = await job.run().catch((error: unknown) => error);
      expect({ job: job.name, outcome }).toMatchObject({
        job: job.name,
        outcome: { code: 'service.unavailable' },
      });
    }
    app.clock.advance(-days * DAY);

    expect(await kept()).toEqual(before);
    expect(app.logLines.slice(lines).join('')).toContain(
      'the clock is wrong: nothing is changed for its age',
    );
  });

  it('by less than five seconds goes on', async () => {
    app.databaseClock.setAhead(4);
    await app.nest.get(AuditUpkeep).run();
    await app.nest.get(ProofUpkeep).run();
  });
});

/** Everything that has dates, and what a wrong one would change. */
async function datedRows(database: TestDatabase): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (const table of [
    'users',
    'identities',
    'user_applications',
    'sessions',
    'proofs',
    'audit_records',
    'bots',
  ])
    found.push(await database.query(`SELECT t::text AS row FROM ${table} t ORDER BY 1`));
  return found;
}

describe('a replica whose clock is wrong', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const session = useFixture(() => app.signIn(demo));
  const operator = useFixture(() => anOperator(app));

  describe.each([500, -10])('by %i days', (days) => {
    /** As an orchestrator does; callers may ignore the answer. */
    const measure = () => app.gateway.get('/health/ready');

    /** The clock of the database is moved instead: the session would otherwise be over. */
    beforeEach(async () => {
      app.databaseClock.setAhead(-days * DAY);
      expect((await measure()).status).toBe(503);
    });

    afterEach(() => {
      app.databaseClock.setAhead(0);
    });

    it('answers a good token of a principal with 503 also before the clocks are compared', async () => {
      app.databaseClock.setAhead(0);
      await measure();
      app.clock.advance(days * DAY);
      app.databaseClock.setAhead(-days * DAY);
      try {
        const answer = await operator.get('/v1/admin/me');
        if (days > 0) expectProblem(answer, 503, 'service.unavailable');
        else expect(answer.status).toBe(200);
        const before = await datedRows(app.database);
        app.databaseClock.setAhead(0);
        await measure();
        await app.http.get('/v1/me').expect(401);
        app.databaseClock.setAhead(-days * DAY);
        expect(await datedRows(app.database)).toEqual(before);
      } finally {
        app.clock.advance(-days * DAY);
      }
    });

    it.each<[string, () => Promise<unknown>]>([
      ['a revocation by user', () => app.accounts.revoke({ userId: session.userId })],
      [
        'a revocation by bot',
        () => {
          const bot = { provider: 'telegram', environment: 'production', botId: demo.botId } as const;
          return app.accounts.revokeLeaked({ bot, since: new Date(0) });
        },
      ],
      ['a deactivation', () => app.accounts.setStatus(session.userId, 'deactivated')],
    ])('refuses %s, and changes nothing', async (_name, act) => {
      const before = await datedRows(app.database);

      await expect(act()).rejects.toMatchObject({ code: 'service.unavailable' });
      expect(await datedRows(app.database)).toEqual(before);
    });

    it('refuses a command on the database that changes anything, and no other', async () => {
      const countersign = Countersign.keptOpen(app);
      const now = jest.spyOn(SystemClock.prototype, 'now');
      now.mockImplementation(() => new Date(Date.now() + days * DAY * 1_000));
      try {
        const before = await datedRows(app.database);

        const create = 'principal create --name Late --scope users:read';
        await expect(countersign.run(create).catch(exitCodeOf)).resolves.toBe(5);
        expect(await countersign.failure(create)).toBe(
          `The clock of this machine differs by ${Math.abs(days) * DAY} s from that of the database: correct it. Nothing was changed.`,
        );
        expect(await datedRows(app.database)).toEqual(before);
        const explain = `explain --application ${demo.applicationId} --init-data-stdin`;
        expect(await countersign.run(explain)).toMatchObject({
          exitCode: 3,
          output: expect.stringMatching(/^init_data\.empty: /) as string,
        });
      } finally {
        now.mockRestore();
        await countersign.close();
      }
    });
  });
});

describe('a day of the audit log', () => {
  const database = useTestDatabase();
  const worker = useFixture(
    () =>
      TestWorker.start({
        ...{ database, keys: JSON.stringify(generateKeyRing()) },
        environment: { AUDIT_RETENTION_DAYS: '1' },
      }),
    { close: (made) => made.close() },
  );

  it('is dropped when it is over, and nothing else that an operator has attached', async () => {
    await database.query(`
      CREATE TABLE audit_old (LIKE audit_records INCLUDING ALL);
      ALTER TABLE audit_records ATTACH PARTITION audit_old FOR VALUES FROM ('2001-01-01T00:00:00Z') TO ('2002-01-01T00:00:00Z');
      CREATE TABLE audit_records_2003 (LIKE audit_records INCLUDING ALL);
      ALTER TABLE audit_records ATTACH PARTITION audit_records_2003 FOR VALUES FROM ('2003-01-01T00:00:00Z') TO ('2004-01-01T00:00:00Z');
      CREATE TABLE audit_records_20040101 (LIKE audit_records INCLUDING ALL);
      ALTER TABLE audit_records ATTACH PARTITION audit_records_20040101 FOR VALUES FROM ('2004-01-01T00:00:00Z') TO ('2004-01-02T00:00:00Z')`);

    expect(await worker.nest.get(AuditUpkeep).run()).toEqual(['audit_records_20040101']);
  });
});

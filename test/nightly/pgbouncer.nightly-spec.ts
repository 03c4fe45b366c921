import { setTimeout as sleep } from 'node:timers/promises';
import { RecurringJobs } from '@countersign/database';
import { aPerson, countBy, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import type { TestDatabase } from '../support/test-database';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTcpProxy, useTestApp, useTestDatabase } from '../support/use-test-app';
import { startPooler, type Pooler } from '../system/support/pgbouncer';

const CONNECTIONS = 2;

function usePooler(url: () => string): Pooler {
  return useFixture(() => startPooler(url(), CONNECTIONS), { close: (pooler) => pooler.stop() });
}

async function jobsIn(database: TestDatabase): Promise<string[]> {
  const jobs = await database.query<{ name: string }>('SELECT name FROM jobs ORDER BY name');
  return jobs.map(({ name }) => name);
}

async function waitersIn(database: TestDatabase): Promise<number> {
  const waiting = await database.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return waiting.length;
}

describe('behind pgbouncer in transaction mode', () => {
  const database = useTestDatabase();
  const pooler = usePooler(() => database.url);
  const app = useTestApp(() => ({
    database,
    environment: {
      DATABASE_URL: pooler.urlOf(database.url),
      DATABASE_DIRECT_URL: database.url,
      JOBS: 'on',
    },
  }));
  const demo = useApplication(app);

  it('schedules its jobs', async () => {
    const { names } = app.nest.get(RecurringJobs);
    await until(async () => (await jobsIn(database)).length === names.length);

    expect(await jobsIn(database)).toEqual(names);
  });

  it('is no silent database while all of its connections wait for a lock', async () => {
    const sessions = [await app.signIn(demo), await app.signIn(demo)];
    const locks = await database.hold('SELECT 1 FROM sessions FOR UPDATE');
    const refreshed = Promise.all(sessions.map(async ({ refreshToken }) => app.refresh(refreshToken)));
    await until(async () => (await waitersIn(database)) === CONNECTIONS);
    const another = app.signIn(demo);

    // Longer than it takes to notice that nobody answers.
    await sleep(3_000);
    await locks.commit();

    expect((await refreshed).map(({ status }) => status)).toEqual([200, 200]);
    expect(await another).toHaveProperty('accessToken');
    expect(app.logLines.join('')).not.toContain('the database is silent');
  });

  it('serves a crowd over two connections', async () => {
    const answers = await Promise.all(
      times(100, async () => {
        const { accessToken } = await app.signIn(demo, aPerson());
        return app.getMe(accessToken);
      }),
    );

    const servers = await database.query<{ count: number }>(
      // A server connection has the name of the client that used it last.
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE application_name = 'countersign' AND datname = current_database()`,
    );
    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 100 });
    expect(servers).toEqual([{ count: CONNECTIONS }]);
  });
});

describe('while PostgreSQL is gone behind pgbouncer', () => {
  const database = useTestDatabase();
  const network = useTcpProxy(() => database.url);
  const pooler = usePooler(() => network.url);
  const app = useTestApp(() => ({
    database,
    environment: { DATABASE_URL: pooler.urlOf(database.url), DATABASE_DIRECT_URL: network.url },
  }));
  const demo = useApplication(app);

  it('says 503, and serves again when it is back', async () => {
    const { accessToken } = await app.signIn(demo);
    await network.cut();

    const away = await Promise.all([
      app.getMe(accessToken),
      app.postSignIn({ applicationId: demo.applicationId, initData: app.initDataOf(demo) }),
    ]);
    await network.restore();
    await until(async () => (await app.getMe(accessToken)).status === 200);
    const { userId } = await app.signIn(demo);
    await until(() => app.isListening);

    for (const answer of away) {
      expectProblem(answer, 503, 'service.unavailable');
      expect(answer.headers).toHaveProperty('retry-after');
    }
    expect(userId).toEqual(expect.any(String));
  });
});

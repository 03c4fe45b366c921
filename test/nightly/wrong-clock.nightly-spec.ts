import { setTimeout as sleep } from 'node:timers/promises';
import { RecurringJobs } from '@countersign/jobs';
import { until } from '../support/until';
import { useTestApp } from '../support/use-test-app';

describe('a replica that is not ready', () => {
  const app = useTestApp({ environment: { JOBS: 'on' } });

  it('takes no job, until it is', async () => {
    await until(async () => {
      const queues = await app.database.query('SELECT name FROM pgboss.schedule').catch(() => []);
      return queues.length === app.nest.get(RecurringJobs).names.length;
    });
    app.databaseClock.setAhead(600);
    // A round that began before may still take one.
    await sleep(2_500);
    await app.database.query(`INSERT INTO pgboss.job (name) VALUES ('proof-upkeep')`);
    await sleep(5_000);
    const [job] = await app.database.query<{ state: string }>(
      `SELECT state::text FROM pgboss.job WHERE name = 'proof-upkeep'`,
    );
    expect(job?.state).toBe('created');

    app.databaseClock.setAhead(0);
    await until(async () => {
      const [later] = await app.database.query<{ state: string }>(
        `SELECT state::text FROM pgboss.job WHERE name = 'proof-upkeep'`,
      );
      return later?.state === 'completed';
    });
  });
});

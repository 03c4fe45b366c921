import { OverdueJobs, RecurringJobs } from '@countersign/jobs';
import { until } from '../support/until';
import { useTestApp } from '../support/use-test-app';

const DAY = 86_400;

describe('jobs that nobody does', () => {
  const app = useTestApp({ environment: { JOBS: 'on' } });

  const look = () => app.nest.get(OverdueJobs).look();
  const detail = async (): Promise<unknown> => {
    const { body } = await app.http.get('/health/ready').expect(200);
    return (body as { checks: { name: string; detail: string }[] }).checks.find(({ name }) => name === 'jobs')
      ?.detail;
  };
  const metrics = async (): Promise<string> => (await app.gateway.get('/metrics')).text;
  const warnings = (): readonly string[] => app.logLines.filter((line) => line.includes('jobs are overdue'));

  const end = (state: string, names: readonly string[]) =>
    app.database.query(
      `INSERT INTO pgboss.job (name, state, completed_on) SELECT unnest($1::text[]), $2::pgboss.job_state, clock_timestamp()`,
      [names, state],
    );
  /** As pg-boss does with jobs that ended hours ago. */
  const archive = (names: readonly string[]) =>
    app.database.query(
      `WITH ended AS (DELETE FROM pgboss.job WHERE name = ANY($1::text[]) AND completed_on IS NOT NULL RETURNING *)
       INSERT INTO pgboss.archive SELECT * FROM ended`,
      [names],
    );

  it('are told by readiness, a warning and a metric, until they are done', async () => {
    const { names } = app.nest.get(RecurringJobs);
    await until(async () => {
      const queues = await app.database.query('SELECT name FROM pgboss.schedule').catch(() => []);
      return queues.length === names.length;
    });
    await app.database.query(`UPDATE pgboss.schedule SET created_on = created_on - interval '4 days'`);
    await look();
    expect(await detail()).toBe('ok');

    app.clock.advance(4 * DAY);
    await look();
    await look();
    const told = String(await detail());
    expect(told).toMatch(/^overdue, no replica does them: /);
    for (const name of names) expect(told).toContain(name);
    expect(warnings()).toHaveLength(1);
    expect(await metrics()).toMatch(
      /countersign_job_last_success_seconds\{job_name="audit-upkeep"\} 3456\d\d/,
    );

    await end(
      'completed',
      names.filter((name) => name !== 'audit-upkeep'),
    );
    await end('failed', ['audit-upkeep']);
    await archive(['audit-verify', 'audit-upkeep']);
    await end('failed', ['audit-upkeep']);
    await look();
    expect(await detail()).toBe('overdue, no replica does them: audit-upkeep');
    expect(await metrics()).toMatch(
      /countersign_job_last_success_seconds\{job_name="proof-upkeep"\} \d(\.|\n)/,
    );
  });
});

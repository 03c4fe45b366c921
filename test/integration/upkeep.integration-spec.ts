import { AuditUpkeep, EventsUpkeep } from '@countersign/audit';
import { ProofUpkeep } from '@countersign/auth';
import { Readiness, RecurringJobs } from '@countersign/database';
import { Metrics } from '@countersign/runtime';
import { DeliveryWorker } from '@countersign/webhooks';
import { aPerson, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { TestApp } from '../support/test-app';
import { createTestDatabase } from '../support/test-database';
import { until } from '../support/until';
import { useApplication, useTestApp } from '../support/use-test-app';

const DAY = 86_400;

describe('upkeep', () => {
  const app = useTestApp({ environment: { AUDIT_RETENTION_DAYS: '30' } });
  const demo = useApplication(app);

  async function partitionsOf(table: string): Promise<readonly string[]> {
    const found = await app.database.query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1`,
      [table],
    );
    return found.map(({ name }) => name);
  }

  function dayOf(table: string, daysFromNow = 0): string {
    const day = new Date(app.clock.now().getTime() + daysFromNow * DAY * 1_000);
    return `${table}_${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
  }

  it('makes tomorrow’s partitions, and people sign in on days that it never saw', async () => {
    await app.nest.get(ProofUpkeep).run();
    await app.nest.get(AuditUpkeep).run();

    expect(await partitionsOf('proofs')).toContain(dayOf('proofs', 1));
    expect(await partitionsOf('audit_records')).toContain(dayOf('audit_records', 1));

    app.clock.advance(5 * DAY);
    await Promise.all(times(20, () => app.signIn(demo)));
    expect(await partitionsOf('proofs')).toContain(dayOf('proofs'));
  });

  it('ends the oldest of ten sessions for an eleventh on a day that it never saw', async () => {
    const person = aPerson();
    for (let opened = 0; opened < 10; opened += 1) await app.signIn(demo, person);
    app.clock.advance(10 * DAY);
    expect(await partitionsOf('audit_records')).not.toContain(dayOf('audit_records'));

    const { userId } = await app.signIn(demo, person);

    const reasons = await app.database.query<{ reason: string }>(
      'SELECT end_reason AS reason FROM sessions WHERE user_id = $1 AND ended_at IS NOT NULL',
      [userId],
    );
    expect(reasons).toEqual([{ reason: 'evicted' }]);
  });

  it('forgets proofs only when no application accepts them any more', async () => {
    const patient = await app.createApplication({ settings: { initDataMaxAge: 7 * DAY } });
    const body = { applicationId: patient.applicationId, initData: app.initDataOf(patient, aPerson()) };
    const signedOn = dayOf('proofs');
    const first = await app.postSignIn(body);
    await app.http
      .delete('/v1/me/sessions?all=true')
      .set('authorization', `Bearer ${(first.body as { accessToken: string }).accessToken}`);

    app.clock.advance(7 * DAY);
    await app.nest.get(ProofUpkeep).run();
    expectProblem(await app.postSignIn(body), 401, 'auth.proof_used');

    app.clock.advance(3 * DAY);
    expect(await app.nest.get(ProofUpkeep).run()).toContain(signedOn);
    expectProblem(await app.postSignIn(body), 401, 'init_data.auth_date_expired');
  });

  it('fails in no job of an installation that has nothing but a database', async () => {
    for (const job of app.nest.get(RecurringJobs).all)
      expect([job.name, await job.run().then(() => null, String)]).toEqual([job.name, null]);
  });

  it('makes a partition again that was dropped under a running service', async () => {
    await app.signIn(demo);
    await app.database.query(`DROP TABLE ${dayOf('proofs')}`);
    const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };

    expect((await app.postSignIn(body)).status).toBe(200);
  });

  it('drops days of the audit log that are older than they are kept', async () => {
    await app.signIn(demo);
    const today = dayOf('audit_records');
    app.clock.advance(29 * DAY);
    expect(await app.nest.get(AuditUpkeep).run()).not.toContain(today);

    app.clock.advance(3 * DAY);
    expect(await app.nest.get(AuditUpkeep).run()).toContain(today);
    expect(await partitionsOf('audit_records')).not.toContain(today);
  });

  it('drops days of events that are older than they are kept, and makes tomorrow’s', async () => {
    const upkeep = app.nest.get(EventsUpkeep);
    await upkeep.run();
    const [today, tomorrow] = [dayOf('events'), dayOf('events', 1)];
    expect(await partitionsOf('events')).toEqual(expect.arrayContaining([today, tomorrow]));
    app.clock.advance(30 * DAY);
    expect(await upkeep.run()).not.toContain(today);

    app.clock.advance(DAY);
    expect(await upkeep.run()).toContain(today);
    expect(await partitionsOf('events')).not.toContain(today);
  });

  it('runs from the job queue of a started service', async () => {
    const database = await createTestDatabase();
    // What works without the queue, also only where jobs are on.
    const starting = jest.spyOn(DeliveryWorker.prototype, 'start');
    const judging = jest.spyOn(Readiness.prototype, 'checkBy');
    const working = await TestApp.start({ database, environment: { JOBS: 'on' } });
    expect(starting).toHaveBeenCalledTimes(1);
    starting.mockRestore();
    expect(judging).toHaveBeenCalledWith(expect.any(Function));
    judging.mockRestore();

    await until(async () => {
      const jobs = await database.query<{ name: string }>('SELECT name FROM jobs ORDER BY name');
      return jobs.length === working.nest.get(RecurringJobs).names.length;
    });
    await database.query(`UPDATE jobs SET due_at = '-infinity' WHERE name = 'proof-upkeep'`);
    await until(() => working.logLines.some((line) => line.includes('"job":"proof-upkeep"')));
    expect(await working.nest.get(Metrics).expose()).toContain(
      'countersign_job_duration_seconds_count{job_name="proof-upkeep",outcome="done"} 1',
    );

    await working.close();
    await database.drop();
  });
});

import { times } from '../factories';
import { auditOf } from '../support/audit';
import { makeQueue } from '../support/audit-ways-of-jobs';
import { expectProblem } from '../support/expect-problem';
import { anOperator, type Operator } from '../support/operator';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const PATH = '/v1/admin/jobs';

interface Job {
  readonly name: string;
  readonly cron: string;
  readonly scheduledAt: string | null;
  readonly lastSucceededAt: string | null;
  readonly isOverdue: boolean;
}

describe('the jobs, for operators', () => {
  const app = useTestApp({ environment: { JOBS: 'on' } });
  const operator: Operator = useFixture(() => anOperator(app, ['jobs:read', 'jobs:run']));
  const listed = async (): Promise<readonly Job[]> =>
    ((await operator.get(PATH).expect(200)).body as { items: readonly Job[] }).items;
  const read = async (name: string): Promise<Job | undefined> =>
    (await listed()).find((job) => job.name === name);

  it('are overdue after three missing runs', async () => {
    await until(async () => (await read('audit-upkeep'))?.scheduledAt !== null);
    await app.database.query(
      `UPDATE jobs SET scheduled_at = scheduled_at - interval '4 hours', succeeded_at = NULL WHERE name = 'audit-upkeep'`,
    );

    expect(await read('audit-upkeep')).toMatchObject({ isOverdue: true, lastSucceededAt: null });
    expect(await read('board-score-upkeep')).toMatchObject({ isOverdue: false });
  });

  it('run once when they are asked to', async () => {
    await until(async () => (await read('session-upkeep'))?.scheduledAt !== null);
    const answer = await operator.post(`${PATH}/session-upkeep/run`);
    expect({ status: answer.status, body: answer.body as unknown }).toEqual({
      status: 202,
      body: { name: 'session-upkeep', isAdded: true },
    });

    await until(async () => (await read('session-upkeep'))?.lastSucceededAt !== null);
    expect(await read('session-upkeep')).toMatchObject({
      lastSucceededAt: expect.stringMatching(/^20.*Z$/) as string,
      isOverdue: false,
    });
  });
});

describe('the jobs, where no replica runs them', () => {
  const app = useTestApp();

  it('are listed as never scheduled, and cannot run', async () => {
    const operator = await anOperator(app);
    const { body } = await operator.get(PATH).expect(200);
    const { items } = body as { items: readonly Job[] };
    expect(items.length).toBeGreaterThan(5);
    for (const job of items)
      expect(job).toMatchObject({ scheduledAt: null, lastSucceededAt: null, isOverdue: false });

    expectProblem(await operator.post(`${PATH}/audit-upkeep/run`), 409, 'job.not_scheduled');
    expectProblem(await operator.post(`${PATH}/unheard-of/run`), 404, 'job.not_found');
    expect(await auditOf(app, { action: 'job.run_requested' })).toEqual([]);
  });

  it('wait once, however many ask', async () => {
    await makeQueue(app.database);
    const operator = await anOperator(app);

    const answers = await Promise.all(times(10, () => operator.post(`${PATH}/audit-upkeep/run`)));
    expect(answers.filter(({ body }) => (body as { isAdded: boolean }).isAdded)).toHaveLength(1);
    const [job] = await app.database.query('SELECT due_at < now() AS "isDue" FROM jobs');
    expect(job).toEqual({ isDue: true });
  });
});

import { RecurringJobs } from '@countersign/jobs';
import { DatabaseLine } from '../support/database-line';
import { DueJobs } from '../support/due-jobs';
import { RunningClock } from '../support/fake-clock';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp, useTestDatabase } from '../support/use-test-app';

describe('a database that is slow and falls silent', () => {
  const database = useTestDatabase();
  const line = useFixture(
    async () => {
      const made = await DatabaseLine.start(database);
      made.slowDown();
      return made;
    },
    { close: (made) => made.cut() },
  );
  const app = useTestApp(() => ({
    database: line.database,
    clock: new RunningClock(),
    environment: { JOBS: 'on', PATIENCE: '1' },
  }));
  const demo = useApplication(app);

  const signIn = () => app.postSignIn({ applicationId: demo.applicationId, initData: app.initDataOf(demo) });

  // A rejection that nothing handles fails the test.
  it('ends nothing: sign-ins succeed after each silence, and each job runs', async () => {
    const jobs = new DueJobs(database);
    const { names } = app.nest.get(RecurringJobs);
    await jobs.untilRegistered(names.length / 3);
    await line.fallSilent(false);
    await until(async () => (await signIn()).status === 200);
    await jobs.untilRegistered(names.length);

    await jobs.makeAllDue();
    await line.fallSilent(true);
    await until(async () => (await signIn()).status === 200);
    await jobs.untilAllRan();
    expect((await app.http.get('/health/ready')).status).toBe(200);
  });
});

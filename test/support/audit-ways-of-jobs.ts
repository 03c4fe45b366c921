import PgBoss from 'pg-boss';
import { ofOperator } from './audit-ways-of-operators';
import type { Ways } from './audit-trail';
import type { TestDatabase } from './test-database';

const JOB = 'audit-upkeep';

/** The queue of a job, as the first replica with jobs makes it. */
export async function makeQueue(database: TestDatabase): Promise<void> {
  const boss = await new PgBoss(database.directUrl).start();
  await boss.createQueue(JOB, { name: JOB, policy: 'short' });
  await boss.schedule(JOB, '0 0 1 1 *');
  await boss.stop({ graceful: false });
}

/** What operators do to jobs. */
export const waysOfJobs: Ways<'job.run_requested'> = {
  'job.run_requested': {
    'at the command line': async ({ app, countersign, cli }) => {
      await makeQueue(app.database);
      return cli(async () => {
        await countersign.json(`job run ${JOB}`);
        return [ofOperator('job.run_requested', null, { subject: JOB })];
      });
    },
  },
};

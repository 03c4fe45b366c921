import { ofOperator } from './audit-ways-of-operators';
import type { Ways } from './audit-trail';
import type { TestDatabase } from './test-database';

const JOB = 'audit-upkeep';

/** The row of a job, as the first replica with jobs makes it. */
export async function makeQueue(database: TestDatabase): Promise<void> {
  const row = [JOB, new Date(), new Date(Date.now() + 86_400_000)];
  await database.query('INSERT INTO jobs (name, scheduled_at, due_at) VALUES ($1, $2, $3)', row);
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

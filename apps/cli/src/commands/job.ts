import { answerOf, command, group } from '../declaration';

export const job = group('job', 'recurring jobs', {
  list: command('list the jobs, and how they went').act(async (_call, app, { admin, http }) => {
    const found = await app.get(admin.AdminJobs).list();
    const jobs = found.map((one) => http.toResponse(admin.JobResponse, one));
    return answerOf(jobs, {
      columns: {
        job: 'name',
        cron: 'cron',
        'last success': ({ lastSucceededAt, scheduledAt }) =>
          lastSucceededAt ?? (scheduledAt === null ? 'never scheduled' : `none since ${scheduledAt}`),
        overdue: ({ isOverdue }) => (isOverdue ? 'overdue' : ''),
      },
    });
  }),
  run: command('have a job run once, beside its schedule, on a replica of the service', {
    '<name>': 'the job, as list names it',
  }).act(async ({ argument: name }, app, { admin }) => {
    const isAdded = await app.get(admin.AdminJobs).run(name);
    const text = isAdded ? `Job ${name} is queued` : `A run of job ${name} waits already`;
    return { json: { name, isAdded }, text };
  }),
});

import { AdminJobs, JobResponse } from '@countersign/admin';
import type { Connected } from '../command';
import { table } from '../list-output';

export const list: Connected = async (_call, app) => {
  const json = (await app.get(AdminJobs).list()).map((job) => JobResponse.of(job));
  const rows = json.map(({ name, cron, lastSucceededAt, isOverdue, counts }) => [
    name,
    cron,
    lastSucceededAt ?? 'unknown',
    isOverdue ? 'overdue' : '',
    String(counts.created + counts.retry + counts.active),
    String(counts.failed),
  ]);
  return { json, text: table(['job', 'cron', 'last success', 'overdue', 'waiting', 'failed'], rows) };
};

export const run: Connected = async (call, app) => {
  const name = call.positionals[0] ?? '';
  const isAdded = await app.get(AdminJobs).run(name);
  const text = isAdded ? `Job ${name} is queued` : `A run of job ${name} waits already`;
  return { json: { name, isAdded }, text };
};

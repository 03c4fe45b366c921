import { AdminJobs, JobResponse } from '@countersign/admin';
import { AuditVerifier } from '@countersign/audit';
import type { Connected } from '../command';
import { lastVerification } from './audit-seals.actions';
import { table } from '../list-output';

export const list: Connected = async (_call, app) => {
  const json = (await app.get(AdminJobs).list()).map((job) => JobResponse.of(job));
  const rows = json.map(({ name, cron, scheduledAt, lastSucceededAt, isOverdue, counts }) => [
    name,
    cron,
    lastSucceededAt ?? (scheduledAt === null ? 'never scheduled' : `none since ${scheduledAt}`),
    isOverdue ? 'overdue' : '',
    String(counts.created + counts.retry + counts.active),
    String(counts.failed),
  ]);
  const shown = table(['job', 'cron', 'last success', 'overdue', 'waiting', 'failed'], rows);
  const verified = lastVerification(await app.get(AuditVerifier).last());
  return { json, text: `${shown}\n\nLast verification of the audit trail: ${verified}` };
};

export const run: Connected = async (call, app) => {
  const name = call.positionals[0] ?? '';
  const isAdded = await app.get(AdminJobs).run(name);
  const text = isAdded ? `Job ${name} is queued` : `A run of job ${name} waits already`;
  return { json: { name, isAdded }, text };
};

import { auditActions, AuditReader, RefusedRequests, type AuditRecord } from '@countersign/audit';
import { listErrors } from '@countersign/errors';
import { choose, uuid, type Call, type Connected } from '../command';
import { instant } from '../instant';
import { limitOf } from '../limit-option';
import { table } from '../list-output';

export const list: Connected = async (call, app) => {
  const action = call.optional('action');
  const userId = call.optional('user');
  const applicationId = call.optional('application');
  const found = await app.get(AuditReader).list(
    {
      ...rangeOf(call),
      action: action === undefined ? undefined : choose('action', action, auditActions),
      actor: call.optional('actor'),
      subject: call.optional('subject'),
      userId: userId === undefined ? undefined : uuid('user', userId),
      applicationId: applicationId === undefined ? undefined : uuid('application', applicationId),
    },
    limitOf(call),
  );
  const text = table(
    ['occurred at', 'action', 'actor', 'subject', 'application', 'details'],
    found.map(({ occurredAt, action: done, actor, subject, applicationId: application, details }) => [
      occurredAt.toISOString(),
      done,
      actor,
      subject ?? '',
      application ?? '',
      Object.entries(details)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ]),
  );
  return { json: found.map(shownOf), text };
};

export const explainRequest: Connected = async (call, app) => {
  const found = await app.get(RefusedRequests).find(call.positionals[0] ?? '');
  const told = found.map(({ refusedAt, code, status, route, applicationId }) => {
    const rule = listErrors().find((error) => error.code === code)?.title ?? code;
    return { refusedAt: refusedAt.toISOString(), code, rule, status, route, applicationId };
  });
  const text = table(
    ['refused at', 'code', 'rule', 'status', 'route', 'application'],
    told.map(({ refusedAt, code, rule, status, route, applicationId }) => [
      refusedAt,
      code,
      rule,
      String(status),
      route,
      applicationId ?? '',
    ]),
  );
  return { json: told, text };
};

/** Writes as it reads: the trail may be larger than the memory. */
export const exportAll: Connected = async (call, app, terminal) => {
  for await (const batch of app.get(AuditReader).export(rangeOf(call))) {
    terminal.write(batch.map((record) => `${JSON.stringify(shownOf(record))}\n`).join(''));
    if ((await terminal.drained?.()) === false) break;
  }
  return { json: [], text: '' };
};

function rangeOf(call: Call): { readonly from: Date | undefined; readonly before: Date | undefined } {
  const [from, before] = [call.optional('from'), call.optional('before')];
  return {
    from: from === undefined ? undefined : instant('from', from),
    before: before === undefined ? undefined : instant('before', before),
  };
}

function shownOf({ occurredAt, id, action, actor, subject, applicationId, details }: AuditRecord): object {
  return { occurredAt: occurredAt.toISOString(), id, action, actor, subject, applicationId, details };
}

import { AuditRecordResponse, RefusedRequestResponse } from '@countersign/admin';
import { auditActions, AuditExport, AuditReader, RefusedRequests, type ExportLine } from '@countersign/audit';
import { chooseIfGiven, ifGiven, uuid, type Call, type Connected } from '../command';
import { instant } from '../instant';
import { limitOf } from '../limit-option';
import { table } from '../list-output';

export const list: Connected = async (call, app) => {
  const found = await app.get(AuditReader).list(
    {
      ...rangeOf(call),
      action: chooseIfGiven(call, 'action', auditActions),
      actor: call.optional('actor'),
      subject: call.optional('subject'),
      userId: ifGiven(call, 'user', uuid),
      applicationId: ifGiven(call, 'application', uuid),
    },
    limitOf(call),
  );
  const json = found.map((record) => AuditRecordResponse.of(record));
  const text = table(
    ['occurred at', 'action', 'actor', 'subject', 'application', 'details'],
    json.map(({ occurredAt, action, actor, subject, applicationId, details }) => [
      occurredAt,
      action,
      actor,
      subject ?? '',
      applicationId ?? '',
      Object.entries(details)
        .map(([name, value]) => `${name}=${value}`)
        .join(' '),
    ]),
  );
  return { json, text };
};

export const explainRequest: Connected = async (call, app) => {
  const found = await app.get(RefusedRequests).find(call.positionals[0] ?? '');
  const json = found.map((one) => RefusedRequestResponse.of(one));
  const text = table(
    ['refused at', 'code', 'rule', 'status', 'route', 'application'],
    json.map(({ refusedAt, code, rule, status, route, applicationId }) => [
      refusedAt,
      code,
      rule,
      String(status),
      route,
      applicationId ?? '',
    ]),
  );
  return { json, text };
};

/** Writes as it reads: the trail may be larger than the memory. */
export const exportAll: Connected = async (call, app, terminal) => {
  if (call.has('proofs')) {
    for await (const part of app.get(AuditExport).lines(rangeOf(call))) {
      terminal.write(part.map((line) => `${JSON.stringify(toExportLine(line))}\n`).join(''));
      if ((await terminal.drained?.()) === false) break;
    }
    return { json: [], text: '' };
  }
  for await (const batch of app.get(AuditReader).export(rangeOf(call))) {
    terminal.write(batch.map((record) => `${JSON.stringify(AuditRecordResponse.of(record))}\n`).join(''));
    if ((await terminal.drained?.()) === false) break;
  }
  return { json: [], text: '' };
};

function toExportLine(line: ExportLine): object {
  if (!('record' in line)) return line;
  const { macKeyId, mac } = line.record;
  return { ...AuditRecordResponse.of(line.record), macKeyId, mac: mac?.toString('base64url') ?? null };
}

function rangeOf(call: Call): { readonly from: Date | undefined; readonly before: Date | undefined } {
  return { from: ifGiven(call, 'from', instant), before: ifGiven(call, 'before', instant) };
}

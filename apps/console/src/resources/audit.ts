import { texts } from '../texts';
import { page } from '../ui/resource';

export const audit = page('audit', texts.words['listAuditRecords']?.[0] ?? '', [
  {
    list: 'listAuditRecords',
    columns: ['occurredAt', 'action', 'actor', 'subject', 'applicationId', 'details', 'requestId'],
    filters: ['action', 'actor', 'subject', 'userId', 'applicationId', 'from', 'before'],
    hint: texts.auditNote,
  },
]);

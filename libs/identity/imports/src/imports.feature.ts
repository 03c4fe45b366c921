import { defineAuditActions } from '@countersign/audit';
import type { NamesOf } from '@countersign/text';

const auditActions = defineAuditActions(['import.started', 'import.finished']);

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

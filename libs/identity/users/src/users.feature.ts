import { defineAuditActions } from '@countersign/audit';
import type { NamesOf } from '@countersign/text';

const auditActions = defineAuditActions([
  'user.created',
  'user.status_changed',
  'user.erasure_requested',
  'user.erasure_cancelled',
]);

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

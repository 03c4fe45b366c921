import { defineAuditActions } from '@countersign/audit';
import type { NamesOf } from '@countersign/text';

const auditActions = defineAuditActions([
  'job.run_requested',
  'principal.created',
  'principal.changed',
  'principal.removed',
  'principal.secret_added',
  'principal.secret_removed',
  'principal.authenticated',
  'principal.session_ended',
]);

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

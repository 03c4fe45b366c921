import { defineAuditActions } from '@countersign/audit';
import type { NamesOf } from '@countersign/text';

const auditActions = defineAuditActions([
  'session.reentered',
  'session.reentry_refused',
  'identity.unlinked',
  'identity.unlinking_scheduled',
  'identity.unlinking_cancelled',
]);

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

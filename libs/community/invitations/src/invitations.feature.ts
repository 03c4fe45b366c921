import { defineAuditActions } from '@countersign/audit';
import type { NamesOf } from '@countersign/text';

const auditActions = defineAuditActions([
  'invitation.created',
  'invitation.accepted',
  'invitation.revoked',
  'invitation.reopened',
  'invitation.declined',
]);

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

import { defineAuditActions } from '@countersign/audit';
import type { NamesOf } from '@countersign/text';

const auditActions = defineAuditActions([
  'user.join_requested',
  'user.join_ended',
  'user.merged',
  'user.separated',
  'user.looked_up',
  'user.revealed',
  'user.reveal_requested',
  'user.reveal_approved',
  'user.reveal_declined',
  'user.export_requested',
  'user.export_cancelled',
  'user.exported',
  'user.erased',
  'identity.linked',
  'identity.contact_added',
  'identity.confirmed',
  'identity.detached',
  'session.stepped_up',
  'installation.changed',
  'installation.restored',
  'installation.ledger_accepted',
]);

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

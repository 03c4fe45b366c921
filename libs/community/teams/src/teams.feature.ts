import { defineAuditActions } from '@countersign/audit';
import type { NamesOf } from '@countersign/text';

const auditActions = defineAuditActions([
  'team.created',
  'team.changed',
  'team.deleted',
  'team.restored',
  'team.reverted',
  'team.erased',
  'team.ownership_transferred',
  'team_member.joined',
  'team_member.left',
  'team_member.role_changed',
]);

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

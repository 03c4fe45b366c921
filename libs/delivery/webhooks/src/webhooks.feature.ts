import { defineAuditActions } from '@countersign/audit';
import type { NamesOf } from '@countersign/text';

const auditActions = defineAuditActions([
  'webhook.created',
  'webhook.changed',
  'webhook.removed',
  'webhook.enabled',
  'webhook.disabled',
  'webhook.secret_added',
  'webhook.secret_removed',
  'webhook.tested',
  'webhook.replayed',
]);

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

import { defineAuditActions } from '@countersign/audit';
import type { NamesOf } from '@countersign/text';

const auditActions = defineAuditActions([
  'application.created',
  'application.changed',
  'bot.added',
  'bot.changed',
  'bot.token_rotated',
  'bot.removed',
  'bot.allowed',
  'bot.disallowed',
  'rapidpace_secret.added',
  'rapidpace_secret.removed',
  'client_secret.added',
  'client_secret.removed',
]);

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

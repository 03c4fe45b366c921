import { defineAuditActions } from '@countersign/audit';
import { defineEventTypes } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const auditActions = defineAuditActions(['profile.changed']);

const eventTypes = defineEventTypes({
  'user.profile_changed': {
    version: 1,
    meaning: 'A person changed their own profile',
    orderedBy: 'userId',
    fields: ['userId'],
  },
});

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

declare module '@countersign/events' {
  interface EventTypes extends Declared<typeof eventTypes> {}
}

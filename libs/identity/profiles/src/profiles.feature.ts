import { defineRevealedFields } from '@countersign/account';
import { defineAuditActions } from '@countersign/audit';
import { defineEventTypes } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';
import { ownFields } from './fields/own-field';

const auditActions = defineAuditActions(['profile.changed']);

const eventTypes = defineEventTypes({
  'user.profile_changed': {
    version: 1,
    meaning: 'A person changed their own profile',
    orderedBy: 'userId',
    fields: ['userId'],
  },
});

const revealedFields = defineRevealedFields(ownFields.map((field) => `profile.${field}` as const));

declare module '@countersign/account' {
  interface RevealedFields extends NamesOf<typeof revealedFields> {}
}

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

declare module '@countersign/events' {
  interface EventTypes extends Declared<typeof eventTypes> {}
}

import { defineScopes } from '@countersign/admin';
import { defineAuditActions } from '@countersign/audit';
import { defineEventFields, defineEventTypes } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const auditActions = defineAuditActions([
  'user.join_requested',
  'user.join_ended',
  'user.merged',
  'user.separated',
  'user.looked_up',
  'user.revealed',
  'user.exported',
  'user.erased',
  'identity.linked',
  'identity.contact_added',
  'identity.confirmed',
  'identity.detached',
  'session.stepped_up',
  'installation.changed',
  'installation.restored',
]);

const eventFields = defineEventFields({
  mergedUserId: { format: 'uuid', meaning: 'The account that became part of `userId`' },
  separatedUserId: { format: 'uuid', meaning: 'The account that was a part of `userId`' },
  actor: { format: 'text', meaning: 'The operator, as the audit trail names it' },
  fields: {
    format: 'text',
    meaning: 'The names of the personal fields, separated by spaces; `all` for an export',
  },
});

const eventTypes = defineEventTypes({
  'user.merged': {
    version: 1,
    meaning:
      'An account became part of another: what services store under `mergedUserId` belongs to `userId`',
    orderedBy: 'userId',
    fields: ['userId', 'mergedUserId'],
  },
  'user.separated': {
    version: 1,
    meaning:
      'A merge was taken back: `separatedUserId` is an account of its own again, with what it had before the merge',
    orderedBy: 'userId',
    fields: ['userId', 'separatedUserId'],
  },
  'user.revealed': {
    version: 1,
    meaning: 'An operator read personal fields of an account, or exported it. The audit trail has the reason',
    orderedBy: 'userId',
    fields: ['userId', 'actor', 'fields'],
  },
  'user.erased': {
    version: 1,
    meaning: 'An account was erased: services remove what they store about the person',
    orderedBy: 'userId',
    fields: ['userId'],
  },
  'identity.linked': {
    version: 1,
    meaning: 'An identity was added to an account',
    orderedBy: 'userId',
    fields: ['userId', 'identityId', 'provider', 'environment'],
  },
  'identity.detached': {
    version: 1,
    meaning: 'An identity was moved from an account to a new one of its own, by an operator or its person',
    orderedBy: 'userId',
    fields: ['userId', 'identityId', 'provider', 'environment'],
  },
  'session.stepped_up': {
    version: 1,
    meaning: 'A person confirmed a session with a fresh proof',
    orderedBy: 'userId',
    fields: ['userId', 'sessionId', 'applicationId'],
  },
});

const scopes = defineScopes({
  'users:read': 'List and read accounts, without any personal field',
  'users:write': 'Deactivate and reactivate accounts',
  'users:lookup': 'Find accounts by an id of a platform, a wallet, a username, a session or an account id',
  'users:reveal': 'Read personal fields of one account, with a reason',
  'users:export': 'Read everything that is stored about one person, with a reason',
  'users:erase': 'Close accounts and have them erased',
  'identities:read': 'List and read identities, without the platform’s ids and names',
  'identities:write': 'Detach and confirm identities',
  'sessions:end': 'End sessions',
  'installation:read': 'Read the settings of the installation',
  'installation:write': 'Change the settings of the installation',
});

declare module '@countersign/admin' {
  interface Scopes extends NamesOf<typeof scopes> {}
}

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface EventTypes extends Declared<typeof eventTypes> {}
}

import { defineScopes } from '@countersign/admin';
import { defineEventFields, defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({
  mergedUserId: { format: 'uuid', meaning: 'The account that became part of `userId`' },
  separatedUserId: { format: 'uuid', meaning: 'The account that was a part of `userId`' },
  actor: { format: 'text', meaning: 'The operator, as the audit trail names it' },
  fields: {
    format: 'text',
    meaning: 'The names of the personal fields, separated by spaces; `all` for an export',
  },
});

const ofIdentity = {
  orderedBy: 'userId',
  fields: ['userId', 'identityId', 'provider', 'environment'],
} as const;

const acts = defineActs({
  'user.merged': {
    meaning:
      'An account became part of another: what services store under `mergedUserId` belongs to `userId`',
    orderedBy: 'userId',
    fields: ['userId', 'mergedUserId'],
  },
  'user.separated': {
    meaning:
      'A merge was taken back: `separatedUserId` is an account of its own again, with what it had before the merge',
    orderedBy: 'userId',
    fields: ['userId', 'separatedUserId'],
  },
  'user.revealed': {
    meaning: 'An operator read personal fields of an account, or exported it. The audit trail has the reason',
    orderedBy: 'userId',
    fields: ['userId', 'actor', 'fields'],
  },
  'user.erased': {
    meaning: 'An account was erased: services remove what they store about the person',
    orderedBy: 'userId',
    fields: ['userId'],
  },
  'identity.linked': { ...ofIdentity, meaning: 'An identity was added to an account' },
  'identity.detached': {
    ...ofIdentity,
    meaning: 'An identity was moved from an account to a new one of its own, by an operator or its person',
  },
  'session.stepped_up': {
    meaning: 'A person confirmed a session with a fresh proof',
    orderedBy: 'userId',
    fields: ['userId', 'sessionId', 'applicationId'],
  },
  'user.join_requested': null,
  'user.join_ended': null,
  'user.looked_up': null,
  'user.exported': null,
  'identity.contact_added': null,
  'identity.confirmed': null,
  'installation.restored': null,
  'installation.separated': null,
});

export const accountScopes = defineScopes({
  usersRead: ['users:read', 'List and read accounts, without any personal field'],
  usersWrite: ['users:write', 'Deactivate and activate accounts'],
  usersLookup: [
    'users:lookup',
    'Find accounts by an id of a platform, an address, a username, a session or an account id',
  ],
  usersReveal: ['users:reveal', 'Read personal fields of one account, with a reason'],
  usersExport: ['users:export', 'Read everything that is stored about one person, with a reason'],
  usersErase: ['users:erase', 'Close accounts and have them erased'],
  identitiesRead: ['identities:read', 'List and read identities, without the platform’s ids and names'],
  identitiesWrite: ['identities:write', 'Detach and confirm identities'],
  sessionsEnd: ['sessions:end', 'End sessions'],
  installationRead: ['installation:read', 'Read the settings of the installation'],
  installationWrite: ['installation:write', 'Change the settings of the installation'],
});

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface Acts extends Declared<typeof acts> {}
}

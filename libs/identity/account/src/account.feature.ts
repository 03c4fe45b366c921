import { defineScopes } from '@countersign/admin';
import { defineEvents, commonFields } from '@countersign/audit';
import { userFields } from '@countersign/users';
import { applicationFields } from '@countersign/applications';

const mergedUserId = { format: 'uuid', meaning: 'The account that became part of `userId`' } as const;
const separatedUserId = { format: 'uuid', meaning: 'The account that was a part of `userId`' } as const;
const actor = { format: 'text', meaning: 'The operator, as the audit trail names it' } as const;
const fields = {
  format: 'text',
  meaning: 'The names of the personal fields, separated by spaces; `all` for an export',
} as const;

const { userId, identityId, sessionId } = userFields;
const { provider, environment } = applicationFields;
const { applicationId } = commonFields;

const ofIdentity = {
  orderedBy: 'userId',
  fields: { userId, identityId, provider, environment },
} as const;

export const accountEvents = defineEvents({
  userMerged: {
    name: 'user.merged',
    meaning:
      'An account became part of another: what services store under `mergedUserId` belongs to `userId`',
    orderedBy: 'userId',
    fields: { userId, mergedUserId },
  },
  userSeparated: {
    name: 'user.separated',
    meaning:
      'A merge was taken back: `separatedUserId` is an account of its own again, with what it had before the merge',
    orderedBy: 'userId',
    fields: { userId, separatedUserId },
  },
  userRevealed: {
    name: 'user.revealed',
    meaning: 'An operator read personal fields of an account, or exported it. The audit trail has the reason',
    orderedBy: 'userId',
    fields: { userId, actor, fields },
  },
  userErased: {
    name: 'user.erased',
    meaning: 'An account was erased: services remove what they store about the person',
    orderedBy: 'userId',
    fields: { userId },
  },
  identityLinked: { name: 'identity.linked', ...ofIdentity, meaning: 'An identity was added to an account' },
  identityDetached: {
    name: 'identity.detached',
    ...ofIdentity,
    meaning: 'An identity was moved from an account to a new one of its own, by an operator or its person',
  },
  sessionSteppedUp: {
    name: 'session.stepped_up',
    meaning: 'A person confirmed a session with a fresh proof',
    orderedBy: 'userId',
    fields: { userId, sessionId, applicationId },
  },
  userJoinRequested: 'user.join_requested',
  userJoinEnded: 'user.join_ended',
  userLookedUp: 'user.looked_up',
  userExported: 'user.exported',
  identityContactAdded: 'identity.contact_added',
  identityConfirmed: 'identity.confirmed',
  installationRestored: 'installation.restored',
  installationSeparated: 'installation.separated',
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

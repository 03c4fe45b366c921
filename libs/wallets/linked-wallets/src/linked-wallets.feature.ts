import { defineScopes } from '@countersign/admin';
import { defineAuditActions } from '@countersign/audit';
import { defineEventFields, defineEventTypes } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const auditActions = defineAuditActions([
  'wallet.linked',
  'wallet.unlinked',
  'wallet.changed',
  'wallet.owners_changed',
]);

const eventFields = defineEventFields({
  walletId: { format: 'uuid', meaning: 'The wallet' },
});

const eventTypes = defineEventTypes({
  'wallet.linked': {
    version: 1,
    meaning:
      'A wallet was linked to an account: by its person, by the sign-in that founded the account, or with an identity that was detached',
    orderedBy: 'userId',
    fields: ['userId', 'walletId', 'identityId', 'provider', 'environment'],
  },
  'wallet.unlinked': {
    version: 1,
    meaning:
      'A wallet was unlinked from an account that stays, with its identity, or with an identity that was detached',
    orderedBy: 'userId',
    fields: ['userId', 'walletId', 'identityId', 'provider', 'environment'],
  },
  'wallet.changed': {
    version: 1,
    meaning:
      'A person made a wallet the primary one, named it, let a contract wallet sign in or no longer, or confirmed who it obeys',
    orderedBy: 'userId',
    fields: ['userId', 'walletId', 'identityId', 'provider', 'environment'],
  },
  'wallet.owners_changed': {
    version: 1,
    meaning:
      'A contract wallet no longer accepts the signature that it was proven with, or a wallet of TON has another key: it has other owners, and does not do all that it did until another identity of the account confirms them',
    orderedBy: 'userId',
    fields: ['userId', 'walletId', 'identityId', 'provider', 'environment'],
  },
});

const scopes = defineScopes({
  'wallets:read': 'List and read wallets, without their addresses and names',
  'wallets:write': 'Unlink wallets',
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

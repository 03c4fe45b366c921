import { defineScopes } from '@countersign/admin';
import { defineActs, defineEventFields } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({
  clientId: { format: 'uuid', meaning: 'The client of the OpenID provider' },
});

const acts = defineActs({
  'openid.signed_in_silently': {
    meaning: 'A browser that was signed in already signed in at a client, without a question to its person',
    orderedBy: 'userId',
    fields: ['userId', 'sessionId', 'applicationId', 'clientId'],
  },
  'openid_client.created': null,
  'openid_client.changed': null,
  'openid_client.secret_rotated': null,
  'openid_client.removed': null,
  'openid.accepted': null,
  'openid.consented': null,
  'openid.consent_revoked': null,
});

export const openidScopes = defineScopes({
  openidClientsRead: ['openid-clients:read', 'List and read the clients of the OpenID provider'],
  openidClientsWrite: [
    'openid-clients:write',
    'Create, change and remove clients of the OpenID provider, and replace secrets; to give more to a client that is no third party also needs `applications:write`',
  ],
});

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface Acts extends Declared<typeof acts> {}
}

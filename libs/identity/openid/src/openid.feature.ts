import { defineScopes } from '@countersign/admin';
import { defineEvents, commonFields } from '@countersign/audit';
import { userFields } from '@countersign/users';

const clientId = { format: 'uuid', meaning: 'The client of the OpenID provider' } as const;

const { userId, sessionId } = userFields;
const { applicationId } = commonFields;

export const openidEvents = defineEvents({
  signedInSilently: {
    name: 'openid.signed_in_silently',
    meaning: 'A browser that was signed in already signed in at a client, without a question to its person',
    orderedBy: 'userId',
    fields: { userId, sessionId, applicationId, clientId },
  },
  clientCreated: 'openid_client.created',
  clientChanged: 'openid_client.changed',
  clientSecretRotated: 'openid_client.secret_rotated',
  clientRemoved: 'openid_client.removed',
  accepted: 'openid.accepted',
  consented: 'openid.consented',
  consentRevoked: 'openid.consent_revoked',
});

export const openidScopes = defineScopes({
  openidClientsRead: ['openid-clients:read', 'List and read the clients of the OpenID provider'],
  openidClientsWrite: [
    'openid-clients:write',
    'Create, change and remove clients of the OpenID provider, and replace secrets; to give more to a client that is no third party also needs `applications:write`',
  ],
});

import { defineEvents, type EventFields, commonFields } from '@countersign/audit';

export const userFields = {
  userId: { format: 'uuid', meaning: 'The account' },
  identityId: { format: 'uuid', meaning: 'The identity' },
  sessionId: { format: 'uuid', meaning: 'The session' },
  status: { format: 'text', meaning: 'The new status' },
  erasesAt: { format: 'text', meaning: 'When the account is erased, ISO 8601' },
} as const satisfies EventFields;

const { userId, identityId, sessionId, status, erasesAt } = userFields;
const { applicationId } = commonFields;

export const userEvents = defineEvents({
  userCreated: {
    name: 'user.created',
    isCounted: true,
    meaning:
      'An account was created: by a first sign-in, a registration or a request, or for an identity that was detached',
    orderedBy: 'userId',
    fields: { userId, identityId, applicationId, sessionId },
    optional: ['applicationId', 'sessionId'],
  },
  userStatusChanged: {
    name: 'user.status_changed',
    meaning: 'An account was deactivated or activated',
    orderedBy: 'userId',
    fields: { userId, status },
  },
  userErasureRequested: {
    name: 'user.erasure_requested',
    meaning:
      'The erasure of an account was requested: tell the person, who can take it back by a sign-in with `cancelErasure`',
    orderedBy: 'userId',
    fields: { userId, erasesAt },
  },
  userErasureCancelled: {
    name: 'user.erasure_cancelled',
    meaning: 'The erasure of an account was taken back',
    orderedBy: 'userId',
    fields: { userId },
  },
  installationChanged: 'installation.changed',
});

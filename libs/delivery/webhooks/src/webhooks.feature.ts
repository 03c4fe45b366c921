import { defineScopes } from '@countersign/admin';
import { defineEvents, commonFields } from '@countersign/audit';

const endpointId = { format: 'uuid', meaning: 'The webhook endpoint' } as const;

const { reason } = commonFields;

export const webhookEvents = defineEvents({
  endpointDisabled: {
    name: 'webhook.endpoint_disabled',
    isAudited: false,
    meaning: 'An endpoint was disabled',
    orderedBy: 'endpointId',
    fields: { endpointId, reason },
  },
  test: {
    name: 'webhook.test',
    isAudited: false,
    meaning: 'An operator tests an endpoint. Sent to that endpoint, also where it does not ask for the type',
    orderedBy: null,
    fields: { endpointId },
  },
  created: 'webhook.created',
  changed: 'webhook.changed',
  removed: 'webhook.removed',
  enabled: 'webhook.enabled',
  disabled: 'webhook.disabled',
  secretAdded: 'webhook.secret_added',
  tested: 'webhook.tested',
  replayed: 'webhook.replayed',
});

export const webhookScopes = defineScopes({
  webhooksRead: ['webhooks:read', 'List and read webhook endpoints and their deliveries'],
  webhooksWrite: [
    'webhooks:write',
    'Create, change, test and remove webhook endpoints, add secrets to them, and deliver events again',
  ],
});

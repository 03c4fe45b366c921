import { defineScopes } from '@countersign/admin';
import { defineEventFields, defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({ endpointId: { format: 'uuid', meaning: 'The webhook endpoint' } });

const acts = defineActs({
  'webhook.endpoint_disabled': {
    isAudited: false,
    meaning: 'An endpoint was disabled',
    orderedBy: 'endpointId',
    fields: ['endpointId', 'reason'],
  },
  'webhook.test': {
    isAudited: false,
    meaning: 'An operator tests an endpoint. Sent to that endpoint, also where it does not ask for the type',
    orderedBy: null,
    fields: ['endpointId'],
  },
  'webhook.created': null,
  'webhook.changed': null,
  'webhook.removed': null,
  'webhook.enabled': null,
  'webhook.disabled': null,
  'webhook.secret_added': null,
  'webhook.tested': null,
  'webhook.replayed': null,
});

export const webhookScopes = defineScopes({
  webhooksRead: ['webhooks:read', 'List and read webhook endpoints and their deliveries'],
  webhooksWrite: [
    'webhooks:write',
    'Create, change, test and remove webhook endpoints, add secrets to them, and deliver events again',
  ],
});

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface Acts extends Declared<typeof acts> {}
}

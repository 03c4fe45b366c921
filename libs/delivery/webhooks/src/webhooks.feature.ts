import { defineScopes } from '@countersign/admin';
import { defineAuditActions } from '@countersign/audit';
import { defineEventFields, defineEventTypes } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const auditActions = defineAuditActions([
  'webhook.created',
  'webhook.changed',
  'webhook.removed',
  'webhook.enabled',
  'webhook.disabled',
  'webhook.secret_added',
  'webhook.tested',
  'webhook.replayed',
]);

const eventFields = defineEventFields({
  endpointId: { format: 'uuid', meaning: 'The webhook endpoint' },
});

const eventTypes = defineEventTypes({
  'webhook.endpoint_disabled': {
    version: 1,
    meaning: 'An endpoint was disabled',
    orderedBy: 'endpointId',
    fields: ['endpointId', 'reason'],
  },
  'webhook.test': {
    version: 1,
    meaning: 'An operator tests an endpoint. Sent to that endpoint, also where it does not ask for the type',
    orderedBy: null,
    fields: ['endpointId'],
  },
});

const scopes = defineScopes({
  'webhooks:read': 'List and read webhook endpoints and their deliveries',
  'webhooks:write':
    'Create, change, test and remove webhook endpoints, add secrets to them, and deliver events again',
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

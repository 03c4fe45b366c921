import { defineErrors } from '@countersign/errors';

export const webhookError = defineErrors({
  'webhook.not_found': { kind: 'not-found', title: 'There is no such webhook endpoint' },
  'webhook.invalid_url': {
    kind: 'impossible',
    title: 'No webhook is delivered to this URL',
    remedy: 'Use `https://` and a public host, or add the receiver to `WEBHOOK_ALLOWED_TARGETS`.',
  },
  'webhook.unknown_application': {
    kind: 'impossible',
    title: 'There is no application with one of these ids',
  },
  'webhook.too_many_endpoints': {
    kind: 'impossible',
    title: 'The installation has as many webhook endpoints as it can have',
  },
  'webhook.disabled': { kind: 'conflict', title: 'The webhook endpoint is disabled' },
  'webhook.too_many_secrets': {
    kind: 'conflict',
    title: 'The webhook endpoint has as many secrets as it can have',
  },
  'webhook.delivery_not_found': {
    kind: 'not-found',
    title: 'The webhook endpoint has no delivery of this event',
    remedy: 'Deliveries are stored for 30 days.',
  },
});

import { defineErrors } from '@countersign/text';

export const webhookError = defineErrors({
  'webhook.not_found': { kind: 'not-found', title: 'There is no such webhook endpoint' },
  'webhook.invalid_url': {
    kind: 'impossible',
    title: 'No webhook is delivered to this URL',
    remedy: 'Use `https://` and a public host, or add the receiver to `WEBHOOK_ALLOWED_TARGETS`.',
  },
  'webhook.unknown_application': { kind: 'impossible', title: 'No application has one of these ids' },
  'webhook.too_many_endpoints': { kind: 'impossible', title: 'There can be no more webhook endpoints' },
  'webhook.disabled': { kind: 'conflict', title: 'The webhook endpoint is disabled' },
  'webhook.too_many_secrets': { kind: 'conflict', title: 'The webhook endpoint can have no more secrets' },
  'webhook.delivery_not_found': { kind: 'not-found', title: 'The endpoint has no delivery of this event' },
});

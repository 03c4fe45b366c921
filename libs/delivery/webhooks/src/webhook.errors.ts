import { defineErrors, refusals } from '@countersign/text';

export const webhookError = defineErrors({
  ...refusals('not-found', {
    'webhook.not_found': 'There is no such webhook endpoint',
    'webhook.delivery_not_found': 'The endpoint has no delivery of this event',
  }),
  ...refusals('impossible', {
    'webhook.invalid_url':
      'No webhook is delivered to this URL. Use `https://` and a public host, or add the receiver to `WEBHOOK_ALLOWED_TARGETS`.',
    'webhook.unknown_application': 'No application has one of these ids',
    'webhook.too_many_endpoints': 'There can be no more webhook endpoints',
  }),
  ...refusals('conflict', {
    'webhook.disabled': 'The webhook endpoint is disabled',
    'webhook.too_many_secrets': 'The webhook endpoint can have no more secrets',
  }),
});

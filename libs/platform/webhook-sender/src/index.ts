export { checkUrl, urlRefusals } from './check-url';
export { parseRetryAfter } from './retry-after';
export { nextAttemptAfter } from './retry-schedule';
export type { SendResult } from './send-result';
export { generateSigningSecret, signingKeyOf, signWebhook } from './sign-webhook';
export { WebhookClient } from './webhook-client';

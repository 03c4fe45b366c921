export { checkUrl, urlRefusals } from './check-url';
export { nextAttemptAfter, parseRetryAfter } from './retry-schedule';
export type { SendResult } from './send-result';
export { generateSigningSecret, signingKeyOf, signWebhook } from './sign-webhook';
export { WebhookClient } from './webhook-client';

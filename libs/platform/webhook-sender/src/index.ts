export { checkUrl, urlRefusals } from './check-url';
export { parseRetryAfter } from './retry-after';
export { nextAttemptAfter } from './retry-schedule';
export type { SendResult } from './send-result';
export { signWebhook } from './sign-webhook';
export { generateSigningSecret, parseSigningKey } from './signing-keys';
export { WebhookClient } from './webhook-client';

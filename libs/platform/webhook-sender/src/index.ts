export { checkUrl, MAX_URL_LENGTH, urlRefusals, type CheckedUrl, type UrlRefusal } from './check-url';
export { parseRetryAfter } from './retry-after';
export { MAX_ATTEMPTS, nextAttemptAfter } from './retry-schedule';
export { type SendFailure, type SendResult } from './send-result';
export { signWebhook } from './sign-webhook';
export { generateSigningSecret, parseSigningKey } from './signing-keys';
export { WebhookClient, type WebhookClientOptions } from './webhook-client';

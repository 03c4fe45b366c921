export { checkUrl, MAX_URL_LENGTH, urlRefusals, type CheckedUrl, type UrlRefusal } from './check-url';
export { parseRetryAfter } from './retry-after';
export { MAX_ATTEMPTS, nextAttemptAfter, verdictOf, type Verdict } from './retry-schedule';
export { type SendFailure, type SendResult } from './send-result';
export { signWebhook } from './sign-webhook';
export {
  generateSigningKeyPair,
  generateSigningSecret,
  parseSigningKey,
  type SigningKey,
} from './signing-keys';
export { WebhookClient, type WebhookClientOptions } from './webhook-client';

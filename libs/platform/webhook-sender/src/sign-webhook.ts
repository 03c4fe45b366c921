import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

export function generateSigningSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}

export function signingKeyOf(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret.slice(PREFIX.length), 'base64'));
}

/**
 * The headers of Standard Webhooks 1.0: every key signs `id.timestamp.body`.
 * @param id the same in all attempts, so that receivers recognise a repetition. Letters, digits, `_` and `-`
 * @param attemptedAt the time of this attempt: receivers refuse old timestamps
 * @param body the exact text of the request
 * @param keys at least one key, the current one first. During a rotation the previous one too
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md "Signature scheme"
 */
export function signWebhook(
  id: string,
  attemptedAt: Date,
  body: string,
  keys: readonly KeyObject[],
): Record<string, string> {
  const timestamp = String(Math.floor(attemptedAt.getTime() / 1_000));
  const signed = Buffer.from(`${id}.${timestamp}.${body}`, 'utf8');
  const signatures = keys.map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

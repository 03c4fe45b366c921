import { createHmac, type KeyObject } from 'node:crypto';

/** The headers of Standard Webhooks 1.0. */
interface WebhookHeaders {
  readonly 'webhook-id': string;
  /** Seconds since 1970, of this attempt. */
  readonly 'webhook-timestamp': string;
  /** `v1,<base64>` of each key, separated by spaces. */
  readonly 'webhook-signature': string;
}

interface UnsignedWebhook {
  /** The same in all attempts: receivers recognise a repetition by it. Letters, digits, `_` and `-`. */
  readonly id: string;
  /** When this attempt is made: receivers refuse old timestamps. */
  readonly attemptedAt: Date;
  /** The exact text that is sent. */
  readonly body: string;
  /** The current key first. During a rotation the previous one too. */
  readonly keys: readonly KeyObject[];
}

/**
 * Signs `id.timestamp.body` with every key.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md "Signature scheme"
 * @throws RangeError for an id that is empty or has other characters, such as a dot, and without a key
 */
export function signWebhook({ id, attemptedAt, body, keys }: UnsignedWebhook): WebhookHeaders {
  if (!/^[\w-]{1,100}$/.test(id)) throw new RangeError('the id of a webhook has letters, digits, _ and -');
  if (keys.length === 0) throw new RangeError('a webhook is signed with at least one key');
  const timestamp = String(Math.floor(attemptedAt.getTime() / 1_000));
  const signed = Buffer.from(`${id}.${timestamp}.${body}`, 'utf8');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys
      .map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
      .join(' '),
  };
}

import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { eventVersions } from './generated/event-types';
import type { CountersignEvent } from './events';

/** The headers of a request from `fetch` or Node. */
export type RequestHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

const NAMES = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
const SECONDS = /^\d{1,12}$/;

/**
 * Verifies a request, and reads its event.
 * @param body the bytes or text as they arrived, not parsed
 * @param secrets of the endpoint, `whsec_...` each; one that verifies is enough
 * @throws {WebhookVerificationError} if no secret signed the request within the last five minutes, or the body is not
 * an event; answer with 400
 * @throws {TypeError} for an invalid secret
 */
export function verifyEvent(
  body: string | Uint8Array,
  headers: RequestHeaders,
  secrets: readonly string[],
): CountersignEvent {
  const webhooks = secrets.map((secret) => webhookOf(secret));
  if (webhooks.length === 0) throw new TypeError('there is no secret');
  const signed = signedHeaders(headers);
  const text = typeof body === 'string' ? body : decoded(body);
  if (!webhooks.some((webhook) => isSignedBy(webhook, text, signed)))
    throw new WebhookVerificationError('No secret made a signature of this request');
  return eventOf(signed['webhook-id'], text);
}

function webhookOf(secret: string): Webhook {
  if (!/^whsec_[A-Za-z0-9+/]+=*$/.test(secret)) throw new TypeError('a secret must begin with whsec_');
  try {
    return new Webhook(secret);
  } catch (cause) {
    throw new TypeError('a secret must be base64 behind whsec_', { cause });
  }
}

function signedHeaders(headers: RequestHeaders): Record<(typeof NAMES)[number], string> {
  const [id, timestamp, signature] = NAMES.map((name) => valueOf(headers, name));
  if (!id || !timestamp || !signature || !SECONDS.test(timestamp))
    throw new WebhookVerificationError('Headers of the signature are missing');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
}

function valueOf(headers: RequestHeaders, name: string): string | null {
  if (isFetchHeaders(headers)) return headers.get(name);
  const value = headers[name];
  return typeof value === 'string' ? value : null;
}

function isFetchHeaders(headers: RequestHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}

/** A lenient decoder would read bytes that are not UTF-8 as another text. */
function decoded(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    throw new WebhookVerificationError('The body is not UTF-8');
  }
}

function isSignedBy(webhook: Webhook, text: string, headers: Record<string, string>): boolean {
  try {
    webhook.verify(text, headers, { jsonParse: false });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

function eventOf(id: string, text: string): CountersignEvent {
  const { type, version, sequence, timestamp, data } = parsed(text);
  if (
    typeof type !== 'string' ||
    typeof version !== 'number' ||
    typeof sequence !== 'number' ||
    typeof timestamp !== 'string' ||
    !isObject(data)
  )
    throw new WebhookVerificationError('The body is no event');
  const isKnown =
    Object.hasOwn(eventVersions, type) && eventVersions[type as keyof typeof eventVersions] === version;
  if (isKnown) return { id, type, version, sequence, timestamp, data } as unknown as CountersignEvent;
  return { id, type: 'unknown', sentType: type, version, sequence, timestamp, data };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text);
    if (isObject(body)) return body;
  } catch {
    // The error below reports it.
  }
  throw new WebhookVerificationError('The body is no event');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

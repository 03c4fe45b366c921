import type { DeliveryState, WebhookDeliveryEntity } from '../webhook-delivery.entity';
import type { WebhookEndpointEntity } from '../webhook-endpoint.entity';
import { webhookError } from '../webhook.errors';

export const MAX_ENDPOINTS = 100;
export const MAX_SECRETS = 5;

export interface NewWebhook {
  readonly name: string;
  readonly url: string;
  readonly types: readonly string[];
  /** Only events that concern one of them; `null` for all events. */
  readonly applicationIds?: readonly string[] | null | undefined;
}

export type WebhookChange = Partial<NewWebhook>;

/** A secret that is shown once. */
export interface IssuedWebhookSecret {
  readonly secretId: string;
  readonly secret: string;
}

export interface DeliveryFilter {
  readonly state?: DeliveryState | undefined;
  readonly type?: string | undefined;
}

export type DeliveryRow = Pick<
  WebhookDeliveryEntity,
  'sequence' | 'eventId' | 'occurredAt' | 'subject' | 'type' | 'state' | 'attempts' | 'dueAt' | 'finishedAt'
>;

/** `missed`: events of the endpoint's types that the fan-out has read, and that have no delivery, since it was disabled or not there yet. */
export const replayedStates = ['failed', 'pending', 'missed', 'delivered'] as const;
export type ReplayedState = (typeof replayedStates)[number];
export const undelivered = ['failed', 'pending', 'missed'] as const satisfies readonly ReplayedState[];

/** Of the time from `from` until before `before`. */
export interface ReplayRange {
  readonly from: Date;
  readonly before: Date;
  readonly states: readonly ReplayedState[];
}

/** @throws AppError webhook.not_found */
export function existing(found: WebhookEndpointEntity | null): WebhookEndpointEntity {
  if (!found) throw webhookError('webhook.not_found');
  return found;
}

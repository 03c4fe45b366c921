import type { EntityManager } from 'typeorm';
import { type DeliveryState, type WebhookDeliveryEntity, WebhookEndpointEntity } from '../webhook.entity';
import { webhookError } from '../webhook.errors';

export const MAX_ENDPOINTS = 100;
export const MAX_SECRETS = 5;

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
export async function getEndpoint(manager: EntityManager, id: string): Promise<WebhookEndpointEntity> {
  return existing(await manager.findOneBy(WebhookEndpointEntity, { id }));
}

/** Until the end of the transaction; new deliveries of it do not wait. @throws AppError webhook.not_found */
export async function lockEndpoint(tx: EntityManager, id: string): Promise<WebhookEndpointEntity> {
  const lock = { mode: 'for_no_key_update' } as const;
  return existing(await tx.findOne(WebhookEndpointEntity, { where: { id }, lock }));
}

function existing(found: WebhookEndpointEntity | null): WebhookEndpointEntity {
  if (!found) throw webhookError('webhook.not_found');
  return found;
}

import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { declarationOf, isEventType, SealedEvents, type EventType } from '@countersign/events';
import { signWebhook, WebhookClient, type SendResult } from '@countersign/webhook-sender';
import type { ClaimedQueue } from './claims';
import type { PendingRow } from './delivery.repository';

/** Builds, signs and sends deliveries. */
@Injectable()
export class DeliveryAttempts {
  constructor(
    private readonly client: WebhookClient,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
    private readonly sealedEvents: SealedEvents,
  ) {}

  /** False for a type of a later version of the service, and for an endpoint without a usable key. */
  canSend({ keys }: ClaimedQueue, { type }: PendingRow): boolean {
    return keys.length > 0 && isEventType(type);
  }

  /** What receivers get; `null` where it is no longer stored. @throws where a key cannot be opened */
  async dataOf({ type, data, sealed }: PendingRow): Promise<PendingRow['data']> {
    return data && sealed ? this.sealedEvents.open(type, data, sealed) : data;
  }

  async send({ endpoint, keys }: ClaimedQueue, row: PendingRow): Promise<SendResult> {
    const body = bodyOf(row);
    const headers = signWebhook({ id: row.eventId, attemptedAt: this.clock.now(), body, keys });
    const { webhookAllowedTargets: allowed } = this.configuration;
    return this.client.send({ url: endpoint.url, headers: { ...headers }, body, allowed });
  }
}

function bodyOf({ type, occurredAt, data }: PendingRow): string {
  const { version } = declarationOf(type as EventType);
  return JSON.stringify({ type, version, timestamp: occurredAt.toISOString(), data });
}

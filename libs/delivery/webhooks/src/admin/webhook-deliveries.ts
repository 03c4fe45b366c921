import { Injectable } from '@nestjs/common';
import { LessThan, type EntityManager } from 'typeorm';
import { AuditService, Outbox } from '@countersign/audit';
import { Database, DatabaseClock } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { WebhookDeliveryEntity } from '../webhook.entity';
import { webhookError } from '../webhook.errors';
import { getEndpoint, lockEndpoint } from './webhook-endpoints';
import { webhookEvents } from '../webhooks.feature';

@Injectable()
export class WebhookDeliveries {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly audit: AuditService,
    private readonly clock: DatabaseClock,
  ) {}

  /** Lists the newest deliveries, one more than the page's limit. */
  async list(endpointId: string, { limit, afterId }: Keyset): Promise<readonly WebhookDeliveryEntity[]> {
    return this.database.read(async (manager) => {
      await getEndpoint(manager, endpointId);
      return manager.find(WebhookDeliveryEntity, {
        where: { endpointId, ...(afterId === null ? {} : { eventId: LessThan(afterId) }) },
        order: { eventId: 'DESC' },
        take: limit + 1,
      });
    });
  }

  async get(endpointId: string, eventId: string): Promise<WebhookDeliveryEntity> {
    return this.database.read(async (manager) => {
      await getEndpoint(manager, endpointId);
      return getDelivery(manager, endpointId, eventId);
    });
  }

  /** The endpoint's own types do not matter. */
  async test(endpointId: string): Promise<{ eventId: string }> {
    return this.database.transaction(async (tx) => {
      const { status } = await lockEndpoint(tx, endpointId);
      if (status !== 'active') throw webhookError('webhook.disabled');
      const event = { data: { endpointId }, applicationIds: null };
      const [eventId = ''] = await this.outbox.write(tx, webhookEvents.test, [event]);
      const details = { eventId };
      await this.audit.recordByOperator(tx, webhookEvents.tested, { subject: endpointId, details });
      return { eventId };
    });
  }

  /** Keeps the event's id, even for a pending one. */
  async replay(endpointId: string, eventId: string): Promise<WebhookDeliveryEntity> {
    const dueAt = await this.clock.now();
    return this.database.transaction(async (tx) => {
      await lockEndpoint(tx, endpointId);
      await getDelivery(tx, endpointId, eventId);
      const again = { state: 'pending' as const, attempts: 0, dueAt, finishedAt: null };
      await tx.update(WebhookDeliveryEntity, { endpointId, eventId }, again);
      const details = { eventId };
      await this.audit.recordByOperator(tx, webhookEvents.replayed, { subject: endpointId, details });
      return getDelivery(tx, endpointId, eventId);
    });
  }
}

async function getDelivery(
  manager: EntityManager,
  endpointId: string,
  eventId: string,
): Promise<WebhookDeliveryEntity> {
  const found = await manager.findOneBy(WebhookDeliveryEntity, { endpointId, eventId });
  if (!found) throw webhookError('webhook.delivery_not_found');
  return found;
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/runtime';
import { afterCommit, Database, Notifications, NotifiedCache } from '@countersign/database';
import { Outbox, type EventReceiver, type PublicEvent } from '@countersign/audit';
import { ALL_TYPES, WebhookEndpointEntity } from '../webhook.entity';
import { DeliveryRepository } from './delivery.repository';

const CHANNEL = 'countersign_webhook_endpoints_changed';
const FRESH_SECONDS = 30;
const ALL = 'all';

/**
 * Adds deliveries in the transaction of the event. The wanted types are cached, and a change reaches other replicas by
 * a notification. So a new endpoint may miss the events of its first second.
 */
@Injectable()
export class WebhookSubscriptions implements EventReceiver {
  private readonly types: NotifiedCache<ReadonlySet<string>>;
  private added: () => void = () => undefined;

  constructor(
    private readonly repository: DeliveryRepository,
    outbox: Outbox,
    database: Database,
    notifications: Notifications,
    clock: Clock,
  ) {
    this.types = new NotifiedCache(notifications, clock, {
      channel: CHANNEL,
      freshSeconds: FRESH_SECONDS,
      entries: 1,
      read: () => database.read(readTypes),
    });
    outbox.deliverBy(this);
  }

  onAdded(listener: () => void): void {
    this.added = listener;
  }

  async isWanted(tx: EntityManager, { name }: PublicEvent): Promise<boolean> {
    const types = await this.types.getWithin(ALL, () => readTypes(tx));
    return types !== null && (types.has(name) || types.has(ALL_TYPES));
  }

  async receive(tx: EntityManager, occurredAt: Date, eventIds: readonly string[]): Promise<void> {
    await this.repository.add(tx, occurredAt, eventIds);
    afterCommit(tx, this.added);
  }
}

async function readTypes(manager: EntityManager): Promise<ReadonlySet<string>> {
  const endpoints = await manager.find(WebhookEndpointEntity, {
    select: { types: true },
    where: { status: 'active' },
  });
  return new Set(endpoints.flatMap(({ types }) => types));
}

import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { idOfSequence, sequenceOfId, type Keyset } from '@countersign/http';
import type { WebhookAttemptEntity } from '../webhook.entity';
import { webhookError } from '../webhook.errors';
import { DeliveryLogRepository } from './delivery-log.repository';
import { getEndpoint, type DeliveryFilter, type DeliveryRow } from './webhook';

/** Of one call with filters: there is no index for them. */
const MAX_EXAMINED = 50_000;
const MAX_ATTEMPTS = 100;
const MAX_SEQUENCE = '9223372036854775807';
const CLEARED = 5_000;

/** Newest first. `nextId` is the id to continue after; null when nothing is left. */
interface DeliveryPage {
  readonly deliveries: readonly DeliveryRow[];
  readonly nextId: string | null;
}

/** What an endpoint got, for operators. */
@Injectable()
export class WebhookLog {
  constructor(
    private readonly database: Database,
    private readonly log: DeliveryLogRepository,
  ) {}

  /**
   * A page may have fewer deliveries than the limit, even none, although there is a next page.
   * @throws AppError webhook.not_found
   */
  async page(endpointId: string, filter: DeliveryFilter, { limit, afterId }: Keyset): Promise<DeliveryPage> {
    const isFiltered = Object.values(filter).some((value) => value !== undefined);
    const examined = isFiltered ? MAX_EXAMINED : limit + 1;
    const below = afterId === null ? MAX_SEQUENCE : sequenceOfId(afterId);
    const wanted = { endpointId, below, examined, filter };
    return this.database.read(async (manager) => {
      await getEndpoint(manager, endpointId);
      const found = await this.log.list(manager, wanted, limit + 1);
      const deliveries = found.slice(0, limit);
      const last = found.length > limit ? deliveries.at(-1) : undefined;
      if (last) return { deliveries, nextId: idOfSequence(last.sequence) };
      const floor = isFiltered ? await this.log.floor(manager, wanted) : null;
      const left = floor && (await this.log.floor(manager, { ...wanted, below: floor, examined: 1 }));
      return { deliveries, nextId: floor && left && idOfSequence(floor) };
    });
  }

  /** With its newest attempts, oldest first. @throws AppError webhook.not_found, webhook.delivery_not_found */
  async get(
    endpointId: string,
    eventId: string,
  ): Promise<{ delivery: DeliveryRow; attempts: readonly WebhookAttemptEntity[] }> {
    return this.database.read(async (manager) => {
      await getEndpoint(manager, endpointId);
      const delivery = await this.log.find(manager, endpointId, positionOf(eventId));
      if (!delivery) throw webhookError('webhook.delivery_not_found');
      const attempts = await this.log.attemptsOf(manager, endpointId, eventId, MAX_ATTEMPTS);
      return { delivery, attempts: attempts.toReversed() };
    });
  }

  /** Deletes it, a batch at a time. */
  async clear(endpointId: string): Promise<void> {
    let deleted: number;
    do deleted = await this.database.transaction((tx) => this.log.clear(tx, endpointId, CLEARED));
    while (deleted > 0);
  }
}

/** Where the delivery of an event is: ids of events are UUIDv7 with the milliseconds of their instant. */
export function positionOf(eventId: string): Pick<DeliveryRow, 'eventId' | 'occurredAt'> {
  const milliseconds = Number.parseInt(eventId.replaceAll('-', '').slice(0, 12), 16);
  return { eventId, occurredAt: new Date(milliseconds) };
}

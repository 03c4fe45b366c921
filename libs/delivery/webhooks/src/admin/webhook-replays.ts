import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, operator } from '@countersign/audit';
import { Database, DatabaseClock } from '@countersign/database';
import { Outbox } from '@countersign/events';
import { subscribedTypes } from '../subscribed-types';
import type { WebhookEndpointEntity } from '../webhook.entity';
import { webhookError } from '../webhook.errors';
import { DeliveryLogRepository, type EventPosition } from './delivery-log.repository';
import { lockEndpoint, type DeliveryRow, type ReplayRange } from './webhook';
import { positionOf } from './webhook-log';

/** Of one call. */
const MAX_EXAMINED = 10_000;

export interface Replayed {
  /** How many deliveries are due now. */
  readonly replayed: number;
  /** Where the next call goes on; null at the end of the range. */
  readonly next: EventPosition | null;
}

/** Has events delivered again, under the ids that they had. */
@Injectable()
export class WebhookReplays {
  constructor(
    private readonly database: Database,
    private readonly log: DeliveryLogRepository,
    private readonly outbox: Outbox,
    private readonly audit: AuditService,
    private readonly clock: DatabaseClock,
  ) {}

  /**
   * Sends a test event to this endpoint only, also where it does not ask for the type.
   * @throws AppError webhook.not_found, webhook.disabled
   */
  async test(endpointId: string): Promise<{ eventId: string }> {
    return this.act(endpointId, async (tx, { status }, now) => {
      if (status !== 'active') throw webhookError('webhook.disabled');
      const event = { data: { endpointId }, applicationIds: null };
      const written = await this.outbox.addUnasked(tx, 'webhook.test', event);
      await this.log.add(tx, endpointId, written, now);
      const details = { eventId: written.id };
      await this.audit.record(tx, 'webhook.tested', { actor: operator(), subject: endpointId, details });
      return { eventId: written.id };
    });
  }

  /**
   * Also one that waits for its next attempt, or is being attempted.
   * @throws AppError webhook.not_found, webhook.delivery_not_found, webhook.event_expired
   */
  async replay(endpointId: string, eventId: string): Promise<DeliveryRow> {
    return this.act(endpointId, async (tx, _endpoint, now) => {
      const before = await this.log.find(tx, endpointId, positionOf(eventId));
      if (!before) throw webhookError('webhook.delivery_not_found');
      if (!(await this.log.isStored(tx, before))) throw webhookError('webhook.event_expired');
      await this.log.replay(tx, endpointId, before.sequence, now);
      const details = { eventId };
      await this.audit.record(tx, 'webhook.replayed', { actor: operator(), subject: endpointId, details });
      const after = await this.log.find(tx, endpointId, positionOf(eventId));
      return after ?? before;
    });
  }

  /**
   * As `replay`, for the events of a time that are still stored. A call looks at a bounded number of them: go on with
   * `next`.
   * @throws AppError webhook.not_found
   */
  async replayRange(
    endpointId: string,
    range: ReplayRange,
    after: EventPosition | null = null,
  ): Promise<Replayed> {
    const { from, before, states } = range;
    return this.act(endpointId, async (tx, { types, applicationIds }, now) => {
      const { replayed, last } = await this.log.replayRange(tx, {
        ...range,
        endpointId,
        now,
        after: after ?? { occurredAt: from, sequence: '0' },
        limit: MAX_EXAMINED,
        types: subscribedTypes(types),
        applicationIds,
      });
      const details = {
        ...{ from: from.toISOString(), before: before.toISOString() },
        ...{ states: states.join(' '), count: String(replayed) },
      };
      await this.audit.record(tx, 'webhook.replayed', { actor: operator(), subject: endpointId, details });
      return { replayed, next: last };
    });
  }

  /** @throws AppError webhook.not_found */
  private async act<T>(
    endpointId: string,
    work: (tx: EntityManager, endpoint: WebhookEndpointEntity, now: Date) => Promise<T>,
  ): Promise<T> {
    const now = await this.clock.now();
    return this.database.transaction(async (tx) => {
      return work(tx, await lockEndpoint(tx, endpointId), now);
    });
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, Outbox } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import { WebhookEndpointEntity, type DisabledReason } from './webhook.entity';
import { webhookEvents } from './webhooks.feature';

/** Disables endpoints. A disabled endpoint gets no new events, and its pending deliveries wait. */
@Injectable()
export class EndpointSwitch {
  constructor(
    private readonly outbox: Outbox,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Changes nothing if the endpoint is disabled or missing. @param url the URL it must have; any by default */
  async disable(
    tx: EntityManager,
    endpointId: string,
    reason: DisabledReason,
    actor: string,
    url?: string,
  ): Promise<void> {
    const { affected } = await tx.update(
      WebhookEndpointEntity,
      { id: endpointId, status: 'active', ...(url === undefined ? {} : { url }) },
      { status: 'disabled', disabledReason: reason, updatedAt: this.clock.now() },
    );
    if (affected !== 1) return;
    await this.audit.record(tx, webhookEvents.disabled, { actor, subject: endpointId, details: { reason } });
    const event = { data: { endpointId, reason }, applicationIds: null };
    // The wanted types are not checked here: the cache would read them from a transaction that may be rolled back.
    await this.outbox.write(tx, webhookEvents.endpointDisabled, [event]);
  }
}

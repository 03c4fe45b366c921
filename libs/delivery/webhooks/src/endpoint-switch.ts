import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, Outbox } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import { WebhookEndpointEntity, type DisabledReason } from './webhook.entity';
import { webhookEvents } from './webhooks.feature';

/** Switches endpoints off: they get no new events, and their pending deliveries wait. */
@Injectable()
export class EndpointSwitch {
  constructor(
    private readonly outbox: Outbox,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Nothing where it is off, or there is none. @param url that it has to have; any by default */
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
    // Without a look at the types: they would be read from a transaction that may be rolled back.
    await this.outbox.write(tx, webhookEvents.endpointDisabled, [event]);
  }
}

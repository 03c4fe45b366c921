import { Injectable } from '@nestjs/common';
import { ArrayContains } from 'typeorm';
import { Database } from '@countersign/database';
import { EventSubscriptions } from '@countersign/events';
import { Recurring } from '@countersign/jobs';
import { ALL_TYPES, subscribableTypes } from '../subscribed-types';
import { WebhookEndpointEntity } from '../webhook.entity';

/** Adds the types of a later version to what endpoints for all types ask for. */
@Injectable()
@Recurring({ name: 'webhook-endpoint-upkeep', cron: '49 * * * *', everyMinutes: 60 })
export class WebhookEndpointUpkeep {
  constructor(
    private readonly database: Database,
    private readonly subscriptions: EventSubscriptions,
  ) {}

  /** @returns how many endpoints ask for all types */
  run(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const forAll = { status: 'active' as const, types: ArrayContains([ALL_TYPES]) };
      const asking = await tx.findBy(WebhookEndpointEntity, forAll);
      for (const { id } of asking) await this.subscriptions.widen(tx, id, subscribableTypes);
      return asking.length;
    });
  }
}

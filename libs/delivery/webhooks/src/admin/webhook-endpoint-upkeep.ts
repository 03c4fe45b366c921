import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { EventSubscriptions } from '@countersign/events';
import { Recurring } from '@countersign/jobs';
import { subscribableTypes } from '../subscribed-types';
import { EndpointsRepository } from './endpoints.repository';

/** Adds the types of a later version to what endpoints for all types ask for. */
@Injectable()
@Recurring({ name: 'webhook-endpoint-upkeep', cron: '49 * * * *', everyMinutes: 60 })
export class WebhookEndpointUpkeep {
  constructor(
    private readonly database: Database,
    private readonly endpoints: EndpointsRepository,
    private readonly subscriptions: EventSubscriptions,
  ) {}

  /** @returns how many endpoints ask for all types */
  run(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const asking = await this.endpoints.findAskingForAll(tx);
      for (const { id } of asking) await this.subscriptions.widen(tx, id, subscribableTypes);
      return asking.length;
    });
  }
}

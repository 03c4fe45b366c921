import { Injectable } from '@nestjs/common';
import { AgreedClock, Database } from '@countersign/database';
import { EventSubscriptions } from '@countersign/events';
import { Recurring } from '@countersign/jobs';
import { subscribableTypes } from '../subscribed-types';
import { EndpointsRepository } from './endpoints.repository';
import { WebhookSecretsRepository } from './webhook-secrets.repository';

/** Deletes expired secrets, and adds the types of a later version to what endpoints for all types ask for. */
@Injectable()
@Recurring({
  name: 'webhook-endpoint-upkeep',
  cron: '49 * * * *',
  everyMinutes: 60,
  removes: { unit: 'rows', retention: { 'secrets of webhooks': 'an hour at most after they expired' } },
})
export class WebhookEndpointUpkeep {
  constructor(
    private readonly database: Database,
    private readonly endpoints: EndpointsRepository,
    private readonly secrets: WebhookSecretsRepository,
    private readonly subscriptions: EventSubscriptions,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * @returns how many secrets were deleted.
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    const now = await this.clock.now();
    return this.database.transaction(async (tx) => {
      for (const { id } of await this.endpoints.findAskingForAll(tx))
        await this.subscriptions.widen(tx, id, subscribableTypes);
      return this.secrets.deleteExpired(tx, now);
    });
  }
}

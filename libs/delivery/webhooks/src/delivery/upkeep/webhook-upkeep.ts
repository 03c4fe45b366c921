import { Injectable } from '@nestjs/common';
import { DAY } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { EVENT_DAYS } from '@countersign/events';
import { Recurring } from '@countersign/jobs';
import { WebhookUpkeepRepository } from './webhook-upkeep.repository';

const BATCH = 1_000;

/** Deletes deliveries of events that are no longer stored, and old attempts. */
@Injectable()
@Recurring({
  name: 'webhook-upkeep',
  cron: '53 * * * *',
  everyMinutes: 60,
  removes: { unit: 'rows', retention: { 'deliveries of webhooks': `${EVENT_DAYS} days` } },
})
export class WebhookUpkeep {
  constructor(
    private readonly database: Database,
    private readonly repository: WebhookUpkeepRepository,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * @returns how many rows were deleted.
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    const before = new Date((await this.clock.now()).getTime() - EVENT_DAYS * DAY);
    let total = 0;
    for (;;) {
      const [deliveries, attempts] = await this.database.transaction(async (tx) => [
        await this.repository.deleteDeliveries(tx, before, BATCH),
        await this.repository.deleteAttempts(tx, before, BATCH),
      ]);
      total += deliveries + attempts;
      if (deliveries < BATCH && attempts < BATCH) return total;
    }
  }
}

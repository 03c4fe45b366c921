import { Injectable } from '@nestjs/common';
import { DAY } from '@countersign/runtime';
import { AgreedClock, DayPartitions, Recurring } from '@countersign/database';

/** Events are stored for this time, and can be delivered again within it. */
export const EVENT_DAYS = 30;

@Injectable()
@Recurring({
  name: 'event-upkeep',
  cron: '31 * * * *',
  everyMinutes: 60,
  removes: { events: `${EVENT_DAYS} days` },
})
export class EventsUpkeep {
  constructor(
    private readonly partitions: DayPartitions,
    private readonly clock: AgreedClock,
  ) {}

  /** @returns the partitions that were dropped */
  async run(): Promise<readonly string[]> {
    const now = await this.clock.now();
    await this.partitions.ensureWeek('events', now);
    return this.partitions.dropBefore('events', new Date(now.getTime() - EVENT_DAYS * DAY));
  }
}

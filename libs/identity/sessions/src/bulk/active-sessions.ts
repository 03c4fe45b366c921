import { Injectable } from '@nestjs/common';
import { DailyCounters } from '@countersign/audit';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { ActiveSessionsRepository } from './active-sessions.repository';

/** Counts the sessions that were used today, shortly before each hour, so that a day is whole by its end. */
@Injectable()
@Recurring({ name: 'session-counts', cron: '58 * * * *', everyMinutes: 60 })
export class ActiveSessions {
  constructor(
    private readonly database: Database,
    private readonly repository: ActiveSessionsRepository,
    private readonly counters: DailyCounters,
    private readonly clock: AgreedClock,
  ) {}

  /** @returns of how many applications @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    const now = await this.clock.now();
    return this.database.transaction(async (tx) => {
      const counted = await this.repository.count(tx, now);
      await this.counters.put(tx, 'session.active', counted);
      return counted.length;
    });
  }
}

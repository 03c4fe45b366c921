import { Injectable } from '@nestjs/common';
import { DAY, plusSeconds, SECOND } from '@countersign/clock';
import { AgreedClock, BatchedDeletions, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { DailyCounters } from '@countersign/audit';
import { ENDED_SESSION_DAYS } from '../store/session.entity';
import { SessionsRepository } from '../store/sessions.repository';

/** Counts the sessions that were used today: when an operator reads the counters, and every ten minutes, also shortly before a day ends. */
@Injectable()
@Recurring({ name: 'session-counts', cron: '8-58/10 * * * *', everyMinutes: 10 })
export class ActiveSessions {
  constructor(
    private readonly database: Database,
    private readonly repository: SessionsRepository,
    private readonly counters: DailyCounters,
    private readonly clock: AgreedClock,
  ) {
    counters.countBeforeReading(() => this.run());
  }

  /** @returns of how many applications @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    const now = await this.clock.now();
    return this.database.transaction(async (tx) => {
      const counted = await this.repository.countUsed(tx, now);
      await this.counters.put(tx, 'session.active', counted);
      return counted.length;
    });
  }
}

const RETENTION_SECONDS = (ENDED_SESSION_DAYS * DAY) / SECOND;
const BATCH = 250;

@Injectable()
@Recurring({
  name: 'session-upkeep',
  cron: '*/15 * * * *',
  everyMinutes: 15,
  removes: { sessions: `${ENDED_SESSION_DAYS} days after they ended, or after their last deadline` },
})
export class SessionUpkeep {
  constructor(
    private readonly deletions: BatchedDeletions,
    private readonly repository: SessionsRepository,
  ) {}

  /** @returns how many rows were deleted @throws AppError service.unavailable when the clock is wrong */
  run(): Promise<number> {
    return this.deletions.run(BATCH, (tx, now) =>
      this.repository.deleteOver(tx, plusSeconds(now, -RETENTION_SECONDS), BATCH),
    );
  }
}

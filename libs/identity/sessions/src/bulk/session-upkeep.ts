import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DAY, plusSeconds, SECOND } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { ENDED_SESSION_DAYS } from '../store/session.entity';
import { SessionsRepository } from '../store/sessions.repository';

const RETENTION_SECONDS = (ENDED_SESSION_DAYS * DAY) / SECOND;
const BATCH = 250;

/**
 * After each batch it rests this many times as long as the batch took: a large backlog must not slow sign-ins
 * down.
 */
const REST = 4;
const MAX_REST_MS = 250;

/** Deletes sessions that have long been over. */
@Injectable()
@Recurring({
  name: 'session-upkeep',
  cron: '*/15 * * * *',
  everyMinutes: 15,
  removes: {
    unit: 'rows',
    retention: { sessions: `${ENDED_SESSION_DAYS} days after they ended, or after their last deadline` },
  },
})
export class SessionUpkeep {
  constructor(
    private readonly database: Database,
    private readonly repository: SessionsRepository,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * Small batches, each its own transaction, with a rest in between.
   * @returns how many rows were deleted.
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    for (let total = 0; ;) {
      const before = plusSeconds(await this.clock.now(), -RETENTION_SECONDS);
      const startedAt = performance.now();
      const deleted = await this.database.transaction((tx) => this.repository.deleteOver(tx, before, BATCH));
      total += deleted;
      if (deleted < BATCH) return total;
      const rest = Math.min(REST * (performance.now() - startedAt), MAX_REST_MS);
      await sleep(rest, undefined, { ref: false });
    }
  }
}

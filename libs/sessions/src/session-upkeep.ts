import { Injectable } from '@nestjs/common';
import { Clock, plusSeconds } from '@countersign/clock';
import { Database } from '@countersign/database';
import { SessionsRepository } from './sessions.repository';

/** Longer than the oldest init data lives: a proof must find out why its session ended. */
const KEPT_SECONDS = 30 * 24 * 3_600;
const BATCH = 1_000;

/** Deletes sessions that have long been over. */
@Injectable()
export class SessionUpkeep {
  constructor(
    private readonly database: Database,
    private readonly repository: SessionsRepository,
    private readonly clock: Clock,
  ) {}

  /** Small batches, each its own transaction. @returns how many rows went. */
  async run(): Promise<number> {
    const before = plusSeconds(this.clock.now(), -KEPT_SECONDS);
    for (let total = 0; ;) {
      const deleted = await this.database.read((manager) =>
        this.repository.deleteOver(manager, before, BATCH),
      );
      total += deleted;
      if (deleted < BATCH) return total;
    }
  }
}

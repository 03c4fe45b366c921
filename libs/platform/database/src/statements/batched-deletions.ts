import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database';
import { AgreedClock } from '../clock/database-clock';

/** Deletes what is too old in small batches, each in a transaction of its own, so that no lock is held for long. */
@Injectable()
export class BatchedDeletions {
  constructor(
    private readonly database: Database,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * Deletes until a batch is not full.
   * @param size rows of a batch
   * @param deleteSome deletes up to `size` rows and answers how many; `now` is measured anew for each batch
   * @returns how many rows were deleted
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(size: number, deleteSome: (tx: EntityManager, now: Date) => Promise<number>): Promise<number> {
    for (let total = 0; ;) {
      const now = await this.clock.now();
      const deleted = await this.database.transaction((tx) => deleteSome(tx, now));
      total += deleted;
      if (deleted < size) return total;
    }
  }
}

import { Injectable } from '@nestjs/common';
import { Clock, earliest, SECOND } from '@countersign/clock';
import { Logger } from '@countersign/observability';
import { Database } from './database';
import { unavailable } from './database.errors';
import { firstRow } from './sql';

const MAX_SKEW_MS = 5 * SECOND;

/** "Now" of the database. Replaced in tests. */
export abstract class DatabaseClock {
  abstract now(): Promise<Date>;
}

@Injectable()
export class PostgresClock extends DatabaseClock {
  constructor(private readonly database: Database) {
    super();
  }

  override async now(): Promise<Date> {
    const answer = await this.database.read((manager) =>
      firstRow<{ now: Date }>(manager, 'SELECT clock_timestamp() AS now'),
    );
    if (!answer) throw new Error('the database has no clock');
    return answer.now;
  }
}

/** The clocks of this machine and of the database are too far apart. */
export class ClocksDifferError extends Error {
  override readonly name = 'ClocksDifferError';
}

/**
 * For deletions by age: a machine with a wrong clock would delete current data. All replicas share the
 * database's clock.
 */
@Injectable()
export class AgreedClock {
  constructor(
    private readonly databaseClock: DatabaseClock,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /**
   * The earlier of both clocks: what is old by it is old by both.
   * @throws AppError service.unavailable when they differ by more than 5 seconds
   */
  async now(): Promise<Date> {
    const [theirs, own] = [await this.databaseClock.now(), this.clock.now()];
    const skewSeconds = skewOf(theirs, own);
    if (skewSeconds === 0) return earliest(theirs, own);
    this.logger.warn({ skewSeconds }, 'the clock is wrong: nothing is changed for its age');
    throw unavailable(new ClocksDifferError(`the clocks differ by ${skewSeconds} s`));
  }

  /** The difference of the clocks in whole seconds; 0 when it is small enough. */
  async skewSeconds(): Promise<number> {
    return skewOf(await this.databaseClock.now(), this.clock.now());
  }
}

function skewOf(theirs: Date, own: Date): number {
  const skew = Math.abs(theirs.getTime() - own.getTime());
  return skew > MAX_SKEW_MS ? Math.round(skew / SECOND) : 0;
}

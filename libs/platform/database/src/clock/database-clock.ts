import { Injectable } from '@nestjs/common';
import { Clock, earliest, Logger } from '@countersign/runtime';
import { ClockSkew } from './clock-skew';
import { Database } from '../database';
import { firstRow } from '../statements/sql';

/** "Now" of the database. Tests replace it. */
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
      // oxlint-disable-next-line core/no-restricted-syntax -- the clock of the database itself
      firstRow<{ now: Date }>(manager, 'SELECT clock_timestamp() AS now'),
    );
    if (!answer) throw new Error('the database has no clock');
    return answer.now;
  }
}

/** The clock for deletions by age: a machine with a wrong clock would delete current data. */
@Injectable()
export class AgreedClock {
  constructor(
    private readonly databaseClock: DatabaseClock,
    private readonly clock: Clock,
    private readonly skew: ClockSkew,
    private readonly logger: Logger,
  ) {}

  /** The earlier of both clocks. */
  async now(): Promise<Date> {
    const { theirs, own, skewSeconds } = await this.measure();
    if (skewSeconds > 0)
      this.logger.warn({ skewSeconds }, 'the clock is wrong: nothing is changed for its age');
    this.skew.assertSmall();
    return earliest(theirs, own);
  }

  /** Checks the last measurement, without a statement. */
  assertRight(): void {
    this.skew.assertSmall();
  }

  /** Measures in whole seconds; 0 for a small difference. Otherwise the API answers 503 until the next measurement. */
  async skewSeconds(): Promise<number> {
    return (await this.measure()).skewSeconds;
  }

  private async measure(): Promise<{ theirs: Date; own: Date; skewSeconds: number }> {
    const since = this.clock.now();
    const theirs = await this.databaseClock.now();
    const own = this.clock.now();
    return { theirs, own, skewSeconds: this.skew.note(theirs, since, own) };
  }
}

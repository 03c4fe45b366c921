import { Clock, SECOND, SystemClock } from '@countersign/runtime';
import { ClockSkew, DatabaseClock } from '@countersign/database';

/** Stands still until it is moved. */
export class FakeClock extends Clock {
  private current: number;
  private hasCaughtUp = false;

  constructor(start: Date = new Date()) {
    super();
    this.current = Math.floor(start.getTime() / SECOND) * SECOND;
  }

  override now(): Date {
    return new Date(this.current);
  }

  /** As late as it really is: readiness compares it with the clock of the database. */
  catchUp(): void {
    this.hasCaughtUp = true;
    this.current = Math.floor(Date.now() / SECOND) * SECOND;
  }

  advance(seconds: number): void {
    this.current += seconds * SECOND;
  }

  /** What a database tells whose clock is right. */
  ofDatabase(): Date {
    return this.hasCaughtUp ? new Date() : this.now();
  }
}

/** The real one. Readiness compares it with the clock of the database. */
export class RunningClock extends FakeClock {
  override now(): Date {
    return new SystemClock().now();
  }
}

/** Goes with the clock of the test until that has caught up with the real one, and then with the real one; unless it is moved. */
export class FakeDatabaseClock extends DatabaseClock {
  private aheadSeconds = 0;

  constructor(private readonly clock: FakeClock) {
    super();
  }

  override now(): Promise<Date> {
    return Promise.resolve(new Date(this.clock.ofDatabase().getTime() + this.aheadSeconds * SECOND));
  }

  /** How far it is ahead of where it would be; behind where the seconds are negative. */
  setAhead(seconds: number): void {
    this.aheadSeconds = seconds;
  }

  /** When a transaction begins, which reads the real one. */
  atBegin(): Date {
    return new Date(this.clock.now().getTime() + this.aheadSeconds * SECOND);
  }
}

export class FakeClockSkew extends ClockSkew {
  constructor(private readonly databaseClock: FakeDatabaseClock) {
    super();
  }

  override note(_theirs: Date, since: Date, until: Date): number {
    return super.note(this.databaseClock.atBegin(), since, until);
  }
}

import { Clock, SECOND } from '@countersign/clock';

/** Stands still until it is moved. */
export class FakeClock extends Clock {
  private current: number;

  constructor(start: Date = new Date()) {
    super();
    this.current = Math.floor(start.getTime() / SECOND) * SECOND;
  }

  override now(): Date {
    return new Date(this.current);
  }

  /** As late as it really is: readiness compares it with the clock of the database. */
  catchUp(): void {
    this.current = Math.floor(Date.now() / SECOND) * SECOND;
  }

  advance(seconds: number): void {
    this.current += seconds * SECOND;
  }
}

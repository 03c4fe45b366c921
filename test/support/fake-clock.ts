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

  advance(seconds: number): void {
    this.current += seconds * SECOND;
  }
}

import { Injectable } from '@nestjs/common';
import { SECOND } from '@countersign/runtime';
import { unavailable } from '../database.errors';

const MAX_SKEW_MS = 5 * SECOND;

export class ClocksDifferError extends Error {
  override readonly name = 'ClocksDifferError';

  constructor(seconds: number) {
    super(
      `The clock of this machine differs by ${seconds} s from that of the database: correct it. Nothing was changed.`,
    );
  }
}

/** While the clocks differ too much, nothing is written: dates of this machine would end sessions, or reject proofs. */
@Injectable()
export class ClockSkew {
  private seconds = 0;

  get isTooLarge(): boolean {
    return this.seconds > 0;
  }

  /** @param theirs read between `since` and `until` of the own clock @returns seconds; 0 for a small difference */
  note(theirs: Date, since: Date, until: Date): number {
    const skew = Math.max(since.getTime() - theirs.getTime(), theirs.getTime() - until.getTime());
    this.seconds = skew > MAX_SKEW_MS ? Math.round(skew / SECOND) : 0;
    return this.seconds;
  }

  assertSmall(): void {
    if (this.isTooLarge) throw unavailable(new ClocksDifferError(this.seconds));
  }
}

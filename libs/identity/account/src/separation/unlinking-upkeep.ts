import { Injectable } from '@nestjs/common';
import { Unlinkings } from '@countersign/auth';
import { AgreedClock } from '@countersign/database';
import { Recurring } from '@countersign/jobs';

const BATCH = 500;

/** Takes identities out of accounts whose time to leave has come. */
@Injectable()
@Recurring({ name: 'unlinking-upkeep', cron: '* * * * *', everyMinutes: 1 })
export class UnlinkingUpkeep {
  constructor(
    private readonly unlinkings: Unlinkings,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * @returns how many have left
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    return this.unlinkings.completeDue(await this.clock.now(), BATCH);
  }
}

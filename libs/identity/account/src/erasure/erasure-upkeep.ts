import { Injectable } from '@nestjs/common';
import { AgreedClock } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { ErasureCompletion } from './erasure-completion';

/** Erases accounts whose time has come. */
@Injectable()
@Recurring({
  name: 'erasure-upkeep',
  cron: '*/5 * * * *',
  everyMinutes: 5,
  removes: {
    unit: 'accounts',
    retention: {
      'users and identities':
        'until erased: `ERASURE_DAYS` (7) after the request, below the account’s level at least 7 days',
    },
  },
})
export class ErasureUpkeep {
  constructor(
    private readonly completion: ErasureCompletion,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * @returns how many accounts are erased.
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    return this.completion.completeDue(await this.clock.now());
  }
}

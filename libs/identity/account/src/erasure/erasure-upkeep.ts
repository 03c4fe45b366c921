import { Injectable } from '@nestjs/common';
import { AgreedClock } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { DELAYED_ERASURE_DAYS, OPEN_ERASURE_DAYS } from './erasure.service';
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
      'users and identities': `until erased: \`ERASURE_DAYS\` (7) after the request, ${OPEN_ERASURE_DAYS} or ${DELAYED_ERASURE_DAYS} days below the account's level`,
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

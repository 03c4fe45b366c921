import { Injectable } from '@nestjs/common';
import { AgreedClock } from '@countersign/database';
import { Recurring, RunsAtStart } from '@countersign/jobs';
import { IdentityKeys } from './identity-keys';

/** Creates keys of identity tokens before they are needed, and removes retired ones. */
@Injectable()
@RunsAtStart()
@Recurring({
  name: 'identity-key-upkeep',
  cron: '19 * * * *',
  everyMinutes: 60,
  removes: { 'identity keys': 'until all their signatures have expired' },
})
export class IdentityKeyUpkeep {
  constructor(
    private readonly keys: IdentityKeys,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * @returns how many keys were removed.
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    await this.clock.now();
    await this.keys.ensure();
    return this.keys.removeRetired();
  }
}

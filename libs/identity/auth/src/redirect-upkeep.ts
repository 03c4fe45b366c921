import { Injectable } from '@nestjs/common';
import { MINUTE, SECOND } from '@countersign/clock';
import { AgreedClock } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { REMEMBERED_SECONDS, RedirectCodes } from './exchange/redirect-codes';
import { OIDC_TRANSACTION_SECONDS, OidcTransactions } from './oidc/oidc-transactions';

const BATCH = 1_000;

/** Deletes expired data of sign-ins by redirect: OIDC transactions and codes. */
@Injectable()
@Recurring({
  name: 'redirect-upkeep',
  cron: '*/10 * * * *',
  everyMinutes: 10,
  removes: {
    unit: 'rows',
    retention: {
      'one-time codes': `${minutes(REMEMBERED_SECONDS)} after they expired`,
      'logins at Telegram': minutes(OIDC_TRANSACTION_SECONDS),
    },
  },
})
export class RedirectUpkeep {
  constructor(
    private readonly transactions: OidcTransactions,
    private readonly codes: RedirectCodes,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * Small batches, each its own transaction.
   * @returns how many rows were deleted.
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    let total = 0;
    for (const kind of [this.transactions, this.codes])
      for (let deleted = BATCH; deleted === BATCH; total += deleted)
        deleted = await kind.deleteOver(await this.clock.now(), BATCH);
    return total;
  }
}

function minutes(seconds: number): string {
  return `${(seconds * SECOND) / MINUTE} minutes`;
}

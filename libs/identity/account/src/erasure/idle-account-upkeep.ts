import { Injectable } from '@nestjs/common';
import { DAY, utcDayOf } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { Logger, Metrics, type CountBy } from '@countersign/observability';
import { SessionsService } from '@countersign/sessions';
import { IdleUsers, type SeenUser } from '@countersign/users';
import { ErasureService } from './erasure.service';

const WINDOW = 500;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Schedules the erasure of accounts that were not used for `IDLE_ACCOUNT_DAYS`. */
@Injectable()
@Recurring({ name: 'idle-account-upkeep', cron: '47 3 * * *', everyMinutes: 1_440 })
export class IdleAccountUpkeep {
  private readonly countSkipped: CountBy;

  constructor(
    private readonly idle: IdleUsers,
    private readonly sessions: SessionsService,
    private readonly erasures: ErasureService,
    private readonly database: Database,
    private readonly configuration: Configuration,
    private readonly clock: AgreedClock,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.countSkipped = metrics.counter(
      'countersign_idle_accounts_skipped_total',
      'Accounts that are not used and not erased either: the keys of their wallets would be lost. Each run counts them again.',
    );
  }

  /**
   * Goes over all users in windows; each erasure is a transaction of its own.
   * @returns how many erasures were scheduled.
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    const { idleAccountDays } = this.configuration;
    if (idleAccountDays === 0) return 0;
    const now = await this.clock.now();
    const since = utcDayOf(new Date(now.getTime() - idleAccountDays * DAY));
    let [scheduled, skipped] = [0, 0];
    for (let after = BEFORE_ALL; ;) {
      const seen = await this.idle.window(after, since, WINDOW);
      for (const userId of await this.withoutSessions(seen)) {
        const outcome = await this.erasures.schedule(userId, 'idle');
        if (outcome === 'scheduled') scheduled += 1;
        if (outcome === 'has-wallets') skipped += 1;
      }
      const last = seen.at(-1);
      if (!last || seen.length < WINDOW) break;
      after = last.id;
    }
    if (skipped > 0) {
      this.countSkipped({}, skipped);
      this.logger.warn(
        { accounts: skipped },
        'idle accounts were not erased: the keys of their wallets would be lost',
      );
    }
    return scheduled;
  }

  /** A session may be older than the first recorded visit. */
  private async withoutSessions(seen: readonly SeenUser[]): Promise<readonly string[]> {
    const idle = seen.filter(({ isIdle }) => isIdle).map(({ id }) => id);
    if (idle.length === 0) return [];
    const active = new Set(
      await this.database.read((manager) => this.sessions.usersWithSessions(manager, idle)),
    );
    return idle.filter((id) => !active.has(id));
  }
}

import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SECOND } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import {
  AgreedClock,
  KeyChecks,
  MIGRATE_COMMAND,
  Notifications,
  Schema,
  WrongKeyError,
} from '@countersign/database';
import { IdentityKeys } from '@countersign/issuer';
import { JobRunner, OverdueJobs, RecurringJobs } from '@countersign/jobs';
import { SharedStore } from '@countersign/limits';
import { Logger } from '@countersign/observability';
import { HealthService } from './health/health.service';
import { AccountLevels } from '@countersign/users';

/** What happens once, after all modules are initialised and before the first request. */
@Injectable()
export class Startup implements OnApplicationBootstrap, OnApplicationShutdown {
  private waiting: NodeJS.Timeout | undefined;

  constructor(
    private readonly configuration: Configuration,
    private readonly schema: Schema,
    private readonly keyChecks: KeyChecks,
    private readonly notifications: Notifications,
    private readonly recurringJobs: RecurringJobs,
    private readonly jobRunner: JobRunner,
    private readonly overdueJobs: OverdueJobs,
    private readonly health: HealthService,
    private readonly agreedClock: AgreedClock,
    private readonly sharedStore: SharedStore,
    private readonly identityKeys: IdentityKeys,
    private readonly levels: AccountLevels,
    private readonly logger: Logger,
  ) {}

  /** @throws WrongKeyError, which stops the boot. */
  async onApplicationBootstrap(): Promise<void> {
    const missing = await this.schema.missing();
    // Readiness reports it too: a replica of a rolling deployment waits for the migration.
    if (missing.length > 0) this.logger.warn({ missing }, `the schema is behind: run ${MIGRATE_COMMAND}`);
    if (!(await this.prepare())) this.prepareWhenMigrated();
    if (missing.length === 0) await this.warnOfLoweredLevel();
    await this.sharedStore.start();
    await this.notifications.start();
    if (this.configuration.jobs === 'on') this.startJobs();
  }

  private async warnOfLoweredLevel(): Promise<void> {
    const accountLevel = await this.levels.ofInstallation();
    if (accountLevel !== 'platform')
      this.logger.warn(
        { accountLevel },
        'the account level is lowered: the holder of a bot token can take over accounts without a Telegram identity',
      );
  }

  onApplicationShutdown(): void {
    clearInterval(this.waiting);
  }

  private startJobs(): void {
    const jobs = this.recurringJobs.all;
    this.jobRunner.start(jobs, () => this.health.isReady());
    this.overdueJobs.watch(jobs);
  }

  /**
   * Before the migration there is nothing to read or write with the keys. A wrong key ring stops the process
   * as at boot.
   */
  private prepareWhenMigrated(): void {
    this.waiting = setInterval(() => void this.tryToPrepare(), SECOND).unref();
  }

  /**
   * @returns false while the schema is behind, or the clock is wrong: keys with a future start would stay.
   */
  private async prepare(): Promise<boolean> {
    if (!(await this.keyChecks.canVerify())) return false;
    await this.keyChecks.verify();
    if ((await this.schema.missing()).length > 0) return false;
    if ((await this.agreedClock.skewSeconds()) > 0) return false;
    await this.identityKeys.ensure();
    return true;
  }

  private async tryToPrepare(): Promise<void> {
    try {
      if (await this.prepare()) clearInterval(this.waiting);
    } catch (error) {
      if (!(error instanceof WrongKeyError)) return;
      clearInterval(this.waiting);
      this.logger.fatal({}, error.message);
      process.kill(process.pid, 'SIGTERM');
    }
  }
}

import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Configuration, Logger, SECOND, type SideTask, SideTasks } from '@countersign/runtime';
import { LedgerComparison } from '@countersign/account';
import {
  AgreedClock,
  JobRunner,
  MIGRATE_COMMAND,
  Notifications,
  Readiness,
  RecurringJobs,
  RunsAtStart,
  RunsWhenReady,
  Schema,
} from '@countersign/database';
import { RingCheck, WrongKeyError } from '@countersign/keys';
import { LedgerAwayError, LedgerRefusedError } from '@countersign/ledger';
import { SharedStore } from '@countersign/http';
import { HealthService } from './health/health.service';

/** Runs once, after the initialisation of all modules and before the first request. */
@Injectable()
export class Startup implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly preparing: SideTask;
  private isLedgerMissed = false;

  constructor(
    private readonly configuration: Configuration,
    private readonly schema: Schema,
    private readonly ringCheck: RingCheck,
    private readonly notifications: Notifications,
    private readonly recurringJobs: RecurringJobs,
    private readonly readiness: Readiness,
    private readonly jobRunner: JobRunner,
    private readonly health: HealthService,
    private readonly agreedClock: AgreedClock,
    private readonly sharedStore: SharedStore,
    private readonly ledger: LedgerComparison,
    private readonly discovery: DiscoveryService,
    private readonly logger: Logger,
    tasks: SideTasks,
  ) {
    this.preparing = tasks.loop('startup', () => this.tryToPrepare());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.schema.refuseUnusedTables();
    const missing = await this.schema.missing();
    // Readiness reports this too. In a rolling deployment, a replica waits for the migration.
    if (missing.length > 0) this.logger.warn({ missing }, `the schema is behind: run ${MIGRATE_COMMAND}`);
    // Before the migration, no data needs the keys.
    if (!(await this.prepare())) this.preparing.start(SECOND);
    await this.sharedStore.start();
    await this.notifications.start();
    if (this.configuration.jobs === 'on') this.startJobs();
  }

  onApplicationShutdown(): Promise<void> {
    return this.preparing.stop();
  }

  private startJobs(): void {
    this.readiness.checkBy(() => this.health.isReady());
    this.jobRunner.start(this.recurringJobs.all);
    for (const worker of RunsWhenReady.in(this.discovery).all) worker.start();
  }

  /** @returns false while the schema is behind or the clock is wrong, since keys with a future start would stay */
  private async prepare(): Promise<boolean> {
    if (!(await this.ringCheck.canVerify())) return false;
    // A wrong clock must be known before anything is recorded.
    if ((await this.agreedClock.skewSeconds()) > 0) {
      await this.ringCheck.compare();
      return false;
    }
    await this.ringCheck.verify();
    this.ringCheck.watch();
    if ((await this.schema.missing()).length > 0) return false;
    if (!(await this.compareLedger())) return false;
    for (const each of RunsAtStart.in(this.discovery).all) await each.run();
    return true;
  }

  private async compareLedger(): Promise<boolean> {
    try {
      await this.ledger.start();
      return true;
    } catch (error) {
      if (!(error instanceof LedgerAwayError) || error instanceof LedgerRefusedError) throw error;
      if (!this.isLedgerMissed) this.logger.warn({ err: error }, 'waiting for the ledger of erasures');
      this.isLedgerMissed = true;
      return false;
    }
  }

  /** A wrong key ring or ledger stops the process, as it does at boot. */
  private async tryToPrepare(): Promise<number> {
    try {
      return (await this.prepare()) ? Infinity : SECOND;
    } catch (error) {
      if (!(error instanceof WrongKeyError || error instanceof LedgerRefusedError)) throw error;
      this.logger.fatal({}, error.message);
      process.kill(process.pid, 'SIGTERM');
      return Infinity;
    }
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock, Configuration, Semaphore } from '@countersign/runtime';
import { ClockSkew } from './clock/clock-skew';
import {
  CommitTimeout,
  isDatabaseAway,
  isLockTimeout,
  isPartitionMissing,
  isWorthRepeating,
  unavailable,
} from './database.errors';
import { GroupCommit, NotTogether, type GroupCommitOptions, type Outcome } from './transactions/group-commit';
import { Reachability } from './connections/reachability';
import { LOCK_TIMEOUT_MS, serverLimits, type ServerLimits } from './connections/server-limits';
import { frameOf, runInTransaction, skipLocked, type Frame } from './transactions/transactions';

const ATTEMPTS = 5;

/** While others wait for a free connection. */
const MAX_WAIT_MS = 10_000;

/** Longer than most transactions take. */
const SHORT_LOCK_TIMEOUT_MS = 250;

interface SharedWork<T, R> {
  readonly keyOf: (item: T) => string;
  readonly work: (manager: EntityManager, items: readonly T[]) => Promise<readonly Outcome<R>[]>;
}

/** Runs transactions and plain reads. It distinguishes failures of the connection from failures of the statement. */
@Injectable()
export class Database {
  private makePartitions: () => Promise<void> = () => Promise.resolve();
  private readonly brief: Frame;
  private readonly limits: ServerLimits;
  /** Limits the transactions that wait for locks, so that other connections stay free. */
  private readonly lockWaiters: Semaphore;
  private readonly lockTimeoutMs: number;

  constructor(
    private readonly dataSource: DataSource,
    private readonly reachability: Reachability,
    private readonly skew: ClockSkew,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
  ) {
    const { databasePooling, databasePoolSize, patience } = configuration;
    // Otherwise the connections themselves have these limits.
    this.limits = databasePooling === 'transaction' ? serverLimits(patience) : {};
    this.brief = frameOf(SHORT_LOCK_TIMEOUT_MS, this.limits);
    this.lockTimeoutMs = LOCK_TIMEOUT_MS * patience;
    this.lockWaiters = new Semaphore(Math.max(1, Math.floor(databasePoolSize / 2)));
  }

  /** Registers the function that creates today's partitions. A transaction without a partition is repeated after it. */
  onPartitionMissing(make: () => Promise<void>): void {
    this.makePartitions = make;
  }

  /** Repeats `work` after a lost race, so `work` must change nothing outside the database. */
  async transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.attemptWithin(this.brief, work);
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
    }
    // Longer waits happen without a connection, so that they do not block others. The wait for a slot counts: all locks
    // together
    // get the rest of four seconds.
    const limit = AbortSignal.timeout(this.lockTimeoutMs);
    const end = performance.now() + this.lockTimeoutMs;
    try {
      return await this.lockWaiters.run(() => {
        const leftMs = Math.max(SHORT_LOCK_TIMEOUT_MS, Math.round(end - performance.now()));
        const limitMs = leftMs + SHORT_LOCK_TIMEOUT_MS;
        return this.attemptWithin({ ...frameOf(leftMs, this.limits), limitMs }, work);
      }, limit);
    } catch (error) {
      throw isLockTimeout(error) || error === limit.reason ? unavailable(error) : error;
    }
  }

  /** @param within the caller's transaction */
  async read<T>(work: (manager: EntityManager) => Promise<T>, within?: EntityManager): Promise<T> {
    if (within) return work(within);
    try {
      return await this.reachability.during(() => work(this.dataSource.manager));
    } catch (error) {
      throw isDatabaseAway(error) || isLockTimeout(error) ? unavailable(error) : error;
    }
  }

  async ping(): Promise<void> {
    await this.read((manager) => manager.query('SELECT 1'));
  }

  /**
   * Transactions that concurrent calls share, see `GroupCommit`. The transaction of a group skips locked rows. An item
   * that needs one runs again alone, in a transaction that waits.
   * @param work processes a group; it may be retried
   */
  sharedTransactions<T, R>({ keyOf, work }: SharedWork<T, R>): (item: T) => Promise<R> {
    return this.grouped(keyOf, (items, isAlone) =>
      isAlone
        ? this.transaction((tx) => work(tx, items))
        : this.attemptTogether((tx) => work(skipLocked(tx), items)),
    );
  }

  sharedReads<T, R>({ keyOf, work }: SharedWork<T, R>): (item: T) => Promise<R> {
    return this.grouped(keyOf, (items) => this.read((manager) => work(manager, items)));
  }

  private grouped<T, R>(
    keyOf: SharedWork<T, R>['keyOf'],
    run: GroupCommitOptions<T, R>['run'],
  ): (item: T) => Promise<R> {
    const maxWaitMs = MAX_WAIT_MS * this.configuration.patience;
    const groupCommit = new GroupCommit<T, R>({ keyOf, maxWaitMs, run });
    return (item) => groupCommit.add(item);
  }

  /** An item that must wait or has lost a race runs alone, so that the others do not fail. */
  private async attemptTogether<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.run(work, this.brief);
    } catch (error) {
      // Alone, each item would wait in the same queue again, with its own connection.
      const isHopeless = isDatabaseAway(error) || error instanceof CommitTimeout || this.skew.isTooLarge;
      throw isHopeless ? unavailable(error) : new NotTogether({ cause: error });
    }
  }

  /** Every transaction compares the clocks, so that a clock that has just jumped causes no write. */
  private run<T>(work: (tx: EntityManager) => Promise<T>, frame: Frame): Promise<T> {
    const comparison = () => {
      const since = this.clock.now();
      return (theirs: Date): void => {
        this.skew.note(theirs, since, this.clock.now());
        this.skew.assertSmall();
      };
    };
    return this.reachability.during(() => runInTransaction(this.dataSource, work, frame, comparison));
  }

  private async attemptWithin<T>(frame: Frame, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    let isMade = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.run(work, frame);
      } catch (error) {
        if (isDatabaseAway(error) || error instanceof CommitTimeout) throw unavailable(error);
        const isMissing = isPartitionMissing(error);
        if (!isMissing && !isWorthRepeating(error)) throw error;
        // A conflict about the same rows: a client that retries a little later succeeds.
        if (attempt === ATTEMPTS || (isMissing && isMade)) throw unavailable(error);
        if (isMissing) await this.makePartitions();
        isMade ||= isMissing;
      }
    }
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database, DatabaseClock } from '@countersign/database';
import { Logger, Metrics, SideTasks, type CountBy } from '@countersign/observability';
import {
  DeliveryRepository,
  type DeliveryChange,
  type LeasedQueue,
  type NewAttempt,
} from './delivery.repository';

/** Results that arrive within this time are recorded together. */
const COLLECT_MS = 25;
/** Queues of a transaction. */
const BATCH = 500;
const RETRY_MS = 500;

/** The outcome of attempts of a delivery, with how long its next attempt waits: `null` when there is none. */
export type Outcome = Omit<DeliveryChange, 'dueAt' | 'finishedAt'> & { readonly waitMs: number | null };

/** A queue that a replica is done with. */
interface FinishedQueue extends Omit<LeasedQueue, 'notBefore'> {
  /** When another replica may claim it: then there is nothing left to record. By the clock of the database. */
  readonly leaseExpiresAt: Date;
  /** How long the next attempt waits at least, also when a delivery is due before. */
  readonly waitMs: number | null;
  readonly outcomes: readonly Outcome[];
  readonly attempts: readonly NewAttempt[];
}

interface Waiting extends FinishedQueue {
  readonly resolve: () => void;
}

/**
 * Records what became of deliveries, many at a time, and releases their queues. The results of a queue whose lease
 * expired are dropped: another replica delivers it again. The clock of the database says when the next attempts are due.
 */
@Injectable()
export class DeliveryRecorder {
  private waiting: Waiting[] = [];
  private recording: Promise<void> | null = null;
  private isStopped = false;
  private readonly countAttempt: CountBy<'outcome'>;
  private readonly countDelivery: CountBy<'outcome'>;

  constructor(
    private readonly database: Database,
    private readonly repository: DeliveryRepository,
    private readonly clock: DatabaseClock,
    private readonly logger: Logger,
    private readonly tasks: SideTasks,
    metrics: Metrics,
  ) {
    this.countAttempt = metrics.counter(
      'countersign_webhook_attempts_total',
      'Attempts of this replica to deliver a webhook: delivered, or why not.',
      'outcome',
    );
    this.countDelivery = metrics.counter(
      'countersign_webhook_deliveries_total',
      'Deliveries of webhooks that this replica finished: delivered, or failed for good.',
      'outcome',
    );
  }

  /** Resolves when it is recorded, or dropped. */
  async add(finished: FinishedQueue): Promise<void> {
    await new Promise<void>((resolve) => {
      this.waiting.push({ ...finished, resolve });
      this.recording ??= this.recordAll();
    });
  }

  /** Records what waits, and tries nothing again. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.recording;
  }

  private async recordAll(): Promise<void> {
    while (this.waiting.length > 0) {
      await sleep(COLLECT_MS);
      while (this.waiting.length > 0) {
        const batch = this.waiting.splice(0, BATCH);
        await this.recordBatch(batch);
        for (const { resolve } of batch) resolve();
        if (this.waiting.length < BATCH) break;
      }
    }
    this.recording = null;
  }

  private async recordBatch(batch: readonly Waiting[]): Promise<void> {
    while (!(await this.tasks.attempt('webhook-results', () => this.tryToRecord(batch)))) {
      if (this.isStopped) return;
      await sleep(RETRY_MS);
    }
  }

  private async tryToRecord(batch: readonly Waiting[]): Promise<true> {
    const now = await this.clock.now();
    const live = batch.filter(({ leaseExpiresAt }) => leaseExpiresAt > now);
    if (live.length < batch.length)
      this.logger.warn({ queues: batch.length - live.length }, 'results of webhooks came too late');
    if (live.length > 0) this.count(await this.database.transaction((tx) => this.record(tx, live, now)));
    return true;
  }

  private async record(
    tx: EntityManager,
    queues: readonly FinishedQueue[],
    now: Date,
  ): Promise<readonly FinishedQueue[]> {
    const locked = await this.repository.hold(tx, queues);
    if (locked.length > 0)
      await this.repository.record(
        tx,
        locked.map((queue) => ({ ...queue, notBefore: after(now, queue.waitMs) })),
        locked.flatMap(({ outcomes }) => outcomes.map((outcome) => changeOf(outcome, now))),
        locked.flatMap(({ attempts }) => attempts),
      );
    return locked;
  }

  private count(queues: readonly FinishedQueue[]): void {
    for (const { outcomes, attempts } of queues) {
      for (const { outcome } of attempts) this.countAttempt({ outcome });
      for (const { state } of outcomes) if (state !== 'pending') this.countDelivery({ outcome: state });
    }
  }
}

function changeOf({ waitMs, ...outcome }: Outcome, now: Date): DeliveryChange {
  const dueAt = after(now, waitMs);
  return { ...outcome, dueAt: dueAt ?? now, finishedAt: dueAt === null ? now : null };
}

function after(now: Date, waitMs: number | null): Date | null {
  return waitMs === null ? null : new Date(now.getTime() + waitMs);
}

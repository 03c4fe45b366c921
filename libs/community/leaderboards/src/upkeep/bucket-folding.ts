import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Configuration } from '@countersign/config';
import { Database } from '@countersign/database';
import { Readiness, RunsWhenReady } from '@countersign/jobs';
import { SideTasks, type SideTask } from '@countersign/observability';
import { BucketsRepository } from '../store/buckets.repository';

/** Scores of half a second are counted together; ranks add them one by one until then. */
const ROUND_MS = 500;
const IDLE_MS = 5_000;
const CLEAN_MS = 5_000;
const DRAIN_MS = 3_000;

/** Adds the scores that came in to the buckets by which ranks are counted. Any replica does it, for each season one at a time. */
@Injectable()
@RunsWhenReady()
export class BucketFolding implements BeforeApplicationShutdown {
  private readonly loop: SideTask;
  private cleanedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: Database,
    private readonly buckets: BucketsRepository,
    private readonly configuration: Configuration,
    tasks: SideTasks,
    readiness: Readiness,
  ) {
    this.loop = tasks.loop('ranks', () => this.turn(), readiness);
  }

  start(): void {
    this.loop.start();
  }

  /** After scores were written here. */
  wake(): void {
    this.loop.wake(ROUND_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.race([
      this.loop.stop(),
      sleep(DRAIN_MS * this.configuration.patience, undefined, { ref: false }),
    ]);
  }

  /** @returns how many seasons had scores to add */
  async round(): Promise<number> {
    const waiting = await this.database.read((manager) => this.buckets.listWaiting(manager));
    for (const seasonId of waiting)
      await this.database.transaction(async (tx) => {
        if (!(await this.buckets.take(tx, seasonId))) return;
        await this.buckets.fold(tx, seasonId);
        await this.buckets.even(tx, seasonId);
      });
    return waiting.length;
  }

  private async turn(): Promise<number> {
    if ((await this.round()) === 0) return IDLE_MS;
    const now = performance.now();
    if (now - this.cleanedAt >= CLEAN_MS) {
      this.cleanedAt = now;
      await this.database.read((manager) => this.buckets.clean(manager));
    }
    return ROUND_MS;
  }
}

import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock, DAY, type SideTask, SideTasks, utcDayOf } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { NO_APPLICATION } from './daily-counter.entity';
import { DailyCountersRepository, type DailyCount, type ReadCount } from './daily-counters.repository';

const FLUSH_MS = 10_000;
const MAX_ROWS = 1_000;

type CounterName = `${string}.${string}`;

/** Writes its counts every ten seconds, to the day of the write. A killed process loses what it has not written. */
@Injectable()
export class DailyCounters implements BeforeApplicationShutdown {
  private waiting = new Map<string, DailyCount>();
  private readonly writing: SideTask;

  constructor(
    private readonly database: Database,
    private readonly repository: DailyCountersRepository,
    private readonly clock: Clock,
    private readonly tasks: SideTasks,
  ) {
    this.writing = tasks.loop('daily-counters', () => this.write());
    this.writing.start(Number.POSITIVE_INFINITY);
  }

  /** Adds one. Name and code come from closed sets, and the application must exist. */
  add(name: CounterName, applicationId: string | null = null, code = ''): void {
    this.addRow({ name, applicationId: applicationId ?? NO_APPLICATION, code, count: 1 });
    this.writing.wake(FLUSH_MS);
  }

  /** Writes the waiting counts first, so that an operator sees what happened a moment ago. */
  async sums(days: number): Promise<readonly ReadCount[]> {
    await this.tasks.attempt('daily-counters', () => this.write());
    const since = utcDayOf(new Date(this.clock.now().getTime() - days * DAY));
    return this.database.read((manager) => this.repository.sumsSince(manager, since));
  }

  ofDay(day: string): Promise<readonly ReadCount[]> {
    return this.database.read((manager) => this.repository.ofDay(manager, day, MAX_ROWS));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.writing.stop();
    await this.tasks.attempt('daily-counters', () => this.write());
  }

  private addRow(row: DailyCount): void {
    const key = `${row.name} ${row.applicationId} ${row.code}`;
    const before = this.waiting.get(key)?.count ?? 0;
    this.waiting.set(key, { ...row, count: before + row.count });
  }

  private async write(): Promise<number> {
    const counted = [...this.waiting.values()];
    this.waiting = new Map();
    try {
      // The start of a transaction compares the clocks, so the day is right inside of it.
      const work = (tx: EntityManager) => this.repository.add(tx, utcDayOf(this.clock.now()), counted);
      if (counted.length > 0) await this.database.transaction(work);
    } catch (error) {
      for (const row of counted) this.addRow(row);
      throw error;
    }
    return Number.POSITIVE_INFINITY;
  }
}

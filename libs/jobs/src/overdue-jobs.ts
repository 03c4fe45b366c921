import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, MINUTE, SECOND } from '@countersign/clock';
import { Database, firstRow, rows } from '@countersign/database';
import { Logger } from '@countersign/observability';
import type { RecurringJob } from './job-runner';

/** A run may be late or fail; so many that are missing are no accident. */
const MISSING_RUNS = 3;

/** Of whichever replica; since its first scheduling for a job that was never done. */
const LAST_SUCCESSES = `
  SELECT schedule.name,
    extract(epoch FROM clock_timestamp() - coalesce(max(done.completed_on), schedule.created_on))::float8 AS seconds
  FROM pgboss.schedule LEFT JOIN (
    SELECT name, completed_on FROM pgboss.job WHERE state = 'completed'
    UNION ALL SELECT name, completed_on FROM pgboss.archive WHERE state = 'completed'
  ) AS done ON done.name = schedule.name
  GROUP BY schedule.name, schedule.created_on`;

/** Notices jobs that no replica does any more. */
@Injectable()
export class OverdueJobs implements OnApplicationShutdown {
  private jobs: readonly RecurringJob[] = [];
  private startedAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private overdue: readonly string[] = [];

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** The jobs that were overdue when it looked last, within the last minute. */
  get names(): readonly string[] {
    return this.overdue;
  }

  watch(jobs: readonly RecurringJob[]): void {
    this.jobs = jobs;
    this.startedAt = this.clock.now().getTime();
    this.timer = setInterval(() => void this.look().catch(() => undefined), MINUTE).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Seconds since each job was last done, on whichever replica. */
  async sinceSuccess(): Promise<Readonly<Record<string, number>>> {
    const found = await this.database.read(async (manager) => {
      const queue = await firstRow<{ isThere: boolean }>(
        manager,
        `SELECT to_regclass('pgboss.archive') IS NOT NULL AS "isThere"`,
      );
      // Asking for it all the same would leave a line in the log of the database each time.
      if (!queue?.isThere) throw new Error('there is no queue');
      return rows<{ name: string; seconds: number }>(manager, LAST_SUCCESSES);
    });
    return Object.fromEntries(found.map(({ name, seconds }) => [name, seconds]));
  }

  /** While nobody ran, nothing could be done: a replica gives the jobs as long as if they had been done when it started. */
  async look(): Promise<void> {
    const since = await this.sinceSuccess();
    const up = (this.clock.now().getTime() - this.startedAt) / SECOND;
    const overdue = this.jobs.flatMap(({ name, everyMinutes = Number.POSITIVE_INFINITY }) => {
      const seconds = Math.min(since[name] ?? 0, up);
      return seconds * SECOND > MISSING_RUNS * everyMinutes * MINUTE ? [name] : [];
    });
    const added = overdue.filter((name) => !this.overdue.includes(name));
    if (added.length > 0) this.logger.warn({ jobs: added }, 'jobs are overdue: no replica does them');
    this.overdue = overdue;
  }
}

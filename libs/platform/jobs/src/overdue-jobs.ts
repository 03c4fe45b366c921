import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, MINUTE, SECOND } from '@countersign/clock';
import { Logger, SideTasks, type SideTask } from '@countersign/observability';
import { JobHistory } from './job-history.repository';
import { RecurringJobs, RunsWhenReady, type JobSchedule } from './recurring-job';

/** A run may be late or fail; this many missing runs are a fault. */
const MISSING_RUNS = 3;

/** Detects jobs that no replica runs. */
@Injectable()
@RunsWhenReady()
export class OverdueJobs implements OnApplicationShutdown {
  private startedAt = 0;
  private readonly loop: SideTask;
  private overdue: readonly string[] = [];

  constructor(
    private readonly jobs: RecurringJobs,
    private readonly history: JobHistory,
    private readonly clock: Clock,
    private readonly logger: Logger,
    tasks: SideTasks,
  ) {
    this.loop = tasks.loop('overdue-jobs', async () => {
      await this.look();
      return MINUTE;
    });
  }

  /** The jobs that were overdue at the last check, within the last minute. */
  get names(): readonly string[] {
    return this.overdue;
  }

  start(): void {
    this.startedAt = this.clock.now().getTime();
    this.loop.start(MINUTE);
  }

  onApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  /**
   * Without a running replica no job can run: after its start a replica treats the jobs as if they had just
   * run.
   */
  async look(): Promise<void> {
    const since = await this.history.sinceSuccess();
    const up = (this.clock.now().getTime() - this.startedAt) / SECOND;
    const overdue = this.jobs.all
      .filter((job) => isOverdue(job, Math.min(since[job.name] ?? 0, up)))
      .map(({ name }) => name);
    const added = overdue.filter((name) => !this.overdue.includes(name));
    if (added.length > 0) this.logger.warn({ jobs: added }, 'jobs are overdue: no replica does them');
    this.overdue = overdue;
  }
}

/** @param seconds since its last success */
export function isOverdue(
  { everyMinutes = Number.POSITIVE_INFINITY }: Pick<JobSchedule, 'everyMinutes'>,
  seconds: number,
): boolean {
  return seconds * SECOND > MISSING_RUNS * everyMinutes * MINUTE;
}

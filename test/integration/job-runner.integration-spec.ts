import { setTimeout as sleep } from 'node:timers/promises';
import { Clock, type Logger, type Metrics, SideTasks } from '@countersign/runtime';
import { JobQueue, JobRunner, Readiness } from '@countersign/database';
import type { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { useDatabaseLine, useReplica, useTestApp, useTestDatabase } from '../support/use-test-app';

/** In which a runner looks again for what is due. */
const A_POLL_MS = 2_500;
const MINUTE = 60;

type RecurringJob = Parameters<JobRunner['start']>[0][number];

const ignore = () => undefined;
const logger = { debug: ignore, info: ignore, warn: ignore } as unknown as Logger;

describe('a recurring job', () => {
  const database = useTestDatabase();
  const line = useDatabaseLine(database);
  const app = useTestApp(() => ({ database: line.database }));
  const replica = useReplica(app);
  const runners: JobRunner[] = [];

  afterEach(() => Promise.all(runners.splice(0).map((runner) => runner.beforeApplicationShutdown())));

  function start(job: RecurringJob, { nest }: TestApp = app, readiness = new Readiness()): JobRunner {
    const tasks = nest.get(SideTasks);
    const metrics = { jobDone: ignore } as unknown as Metrics;
    const runner = new JobRunner(nest.get(JobQueue), nest.get(Clock), logger, metrics, tasks, readiness);
    runners.push(runner);
    runner.start([job]);
    return runner;
  }

  /** A job that is due a minute after it is scheduled. */
  async function scheduled(name: string, run: () => Promise<unknown>): Promise<RecurringJob> {
    const job = { name, cron: '* * * * *', run };
    await app.nest.get(JobQueue).schedule([job]);
    app.clock.advance(MINUTE);
    return job;
  }

  it('runs once when it is due, of all replicas', async () => {
    let runs = 0;
    const job = await scheduled('once', () => Promise.resolve(void (runs += 1)));
    start(job);
    start(job, replica);
    await until(() => runs > 0);
    await sleep(A_POLL_MS);
    expect(runs).toBe(1);

    app.clock.advance(MINUTE);
    await until(() => runs === 2);
  });

  it('is tried again twice after it failed, and then waits for its schedule', async () => {
    let runs = 0;
    const job = await scheduled('failing', () => {
      runs += 1;
      return Promise.reject(new Error('of the test'));
    });
    start(job);
    await until(() => runs === 3);
    await sleep(A_POLL_MS);
    expect(runs).toBe(3);

    app.clock.advance(MINUTE);
    await until(() => runs === 6);
  });

  it('is repeated half an hour after its replica was killed', async () => {
    let runs = 0;
    const job = await scheduled('killed', () => Promise.resolve(void (runs += 1)));
    const leasedUntil = new Date(app.clock.now().getTime() + 30 * MINUTE * 1_000);
    expect(await replica.nest.get(JobQueue).take([job], leasedUntil)).toEqual(['killed']);
    app.clock.advance(29 * MINUTE);
    start(job);
    await sleep(A_POLL_MS);
    expect(runs).toBe(0);

    app.clock.advance(MINUTE);
    await until(() => runs === 1);
  });

  it('is repeated at once when its replica ends in the middle', async () => {
    let runs = 0;
    const job = await scheduled('unfinished', () => {
      runs += 1;
      return runs === 1 ? sleep(60_000, undefined, { ref: false }) : Promise.resolve();
    });
    const runner = start(job, replica);
    await until(() => runs === 1);
    start(job);
    await runner.beforeApplicationShutdown();

    await until(() => runs === 2);
  });

  it('is left to others while this replica may not work', async () => {
    let runs = 0;
    const readiness = new Readiness();
    let isReady: () => Promise<boolean> = () => Promise.reject(new Error('the database is away'));
    readiness.checkBy(() => isReady());
    start(await scheduled('idle', () => Promise.resolve(void (runs += 1))), app, readiness);
    await sleep(A_POLL_MS);
    expect(runs).toBe(0);

    isReady = () => Promise.resolve(true);
    await until(() => runs === 1);
  });

  it('outlives a database that goes away while it runs, and runs again', async () => {
    let runs = 0;
    const job = await scheduled('cut', async () => {
      runs += 1;
      if (runs === 1) await line.cut();
    });
    start(job);
    await until(() => app.nest.get(SideTasks).degraded.includes('jobs'));
    await line.restore();
    app.clock.advance(31 * MINUTE);

    await until(() => runs === 2);
    await until(() => !app.nest.get(SideTasks).degraded.includes('jobs'));
  });
});

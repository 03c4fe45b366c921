import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import PgBoss from 'pg-boss';
import { SystemClock } from '@countersign/clock';
import type { Configuration } from '@countersign/config';
import { JobConnections, JobRunner, Readiness } from '@countersign/jobs';
import { Metrics, SideTasks, type Logger } from '@countersign/observability';
import type { TcpProxy } from '../support/tcp-proxy';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestDatabase, useTcpProxy } from '../support/use-test-app';

/** @param patience below 1, so that silence is noticed sooner */
const configurationOf = ({ url }: TcpProxy, patience = 1): Configuration =>
  ({ databaseUrl: url, databasePooling: 'session', patience }) as Configuration;

const ignore = () => undefined;
const logger = { debug: ignore, info: ignore, warn: ignore } as unknown as Logger;

describe('a recurring job', () => {
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown): void => void unhandled.push(error);

  beforeAll(() => process.on('unhandledRejection', onUnhandled));
  afterAll(() => process.off('unhandledRejection', onUnhandled));

  const database = useTestDatabase();
  const line = useTcpProxy(() => database.url);
  // It runs no schedule.
  const queue = useFixture(
    () => new PgBoss({ connectionString: database.directUrl, schedule: false }).on('error', ignore).start(),
    { close: (started) => started.stop({ graceful: false }) },
  );
  const metrics = new Metrics();
  const tasks = new SideTasks(logger, metrics);
  const startRunner = (readiness: Readiness, patience?: number): JobRunner =>
    new JobRunner(
      configurationOf(line, patience),
      logger,
      { jobDone: ignore } as unknown as Metrics,
      tasks,
      readiness,
      new SystemClock(),
    );
  const close = (started: JobRunner) => started.onApplicationShutdown();
  const runner = useFixture(() => startRunner(new Readiness()), { close });
  const another = useFixture(() => startRunner(new Readiness(), 0.3), { close });
  const one = useFixture(() => startRunner(new Readiness()), { close });
  const other = useFixture(() => startRunner(new Readiness()), { close });
  const scheduling = useFixture(() => startRunner(new Readiness()), { close });
  const readiness = new Readiness();
  const idle = useFixture(() => startRunner(readiness), { close });

  /** Tried until it works: the row of a new queue can be seen a moment before its partition. */
  async function send(name: string, options: object = {}): Promise<string> {
    const ids: string[] = [];
    await until(async () => {
      const id = await queue.send(name, {}, options).catch(() => null);
      if (id !== null) ids.push(id);
      return id !== null;
    });
    return ids[0] ?? '';
  }

  it('outlives a database that goes away while it runs, says so, and runs again', async () => {
    let runs = 0;
    const run = async (): Promise<void> => {
      runs += 1;
      if (runs === 1) await line.cut();
    };
    runner.start([{ name: 'test-job', cron: '0 0 1 1 *', run }]);
    await until(async () => (await queue.getQueue('test-job')) !== null);
    await send('test-job', { retryLimit: 0 });
    await until(() => tasks.degraded.includes('job-queue'));
    await line.restore();
    await send('test-job');
    await until(() => runs === 2);
    await until(() => tasks.degraded.length === 0);

    expect(unhandled).toEqual([]);
  });

  it('runs again when the connections of the queue fell silent, and new ones do not', async () => {
    let runs = 0;
    const run = (): Promise<void> => {
      runs += 1;
      return Promise.resolve();
    };
    another.start([{ name: 'other-job', cron: '0 0 1 1 *', run }]);
    await until(async () => (await queue.getQueue('other-job')) !== null);
    await send('other-job');
    await until(() => runs === 1);
    line.blackHole();
    await line.restore();
    await send('other-job');
    await until(() => runs === 2);
  });

  it('runs only when all jobs are registered', async () => {
    let registered = 0;
    const run = async (): Promise<void> => {
      registered = (await database.query(`SELECT 1 FROM pgboss.schedule WHERE name LIKE 'many-%'`)).length;
    };
    await queue.createQueue('many-0', { name: 'many-0', policy: 'short' });
    await send('many-0');
    line.delay = () => sleep(100);
    const names = Array.from({ length: 20 }, (_, index) => `many-${index}`);
    scheduling.start(names.map((name) => ({ name, cron: '0 0 1 1 *', run })));
    await until(() => registered > 0);
    line.delay = null;

    expect(registered).toBe(20);
  });

  it('is put into the queue once in its minute, by all replicas together', async () => {
    let runs = 0;
    const run = (): Promise<void> => Promise.resolve(void (runs += 1));
    for (const replica of [one, other]) replica.start([{ name: 'often', cron: '* * * * *', run }]);
    await until(() => runs > 0);
    await sleep(4_000);

    const minutes = await database.query<{ minute: string }>(
      `SELECT date_trunc('minute', created_on)::text AS minute FROM pgboss.job WHERE name = 'often'`,
    );
    expect(new Set(minutes.map(({ minute }) => minute)).size).toBe(minutes.length);
  });

  it('is left to others while this replica may not work', async () => {
    let runs = 0;
    let asked = 0;
    let isReady: () => Promise<boolean> = () => Promise.resolve(false);
    const run = (): Promise<void> => {
      runs += 1;
      return Promise.resolve();
    };
    readiness.checkBy(() => {
      asked += 1;
      return isReady();
    });
    idle.start([{ name: 'idle-job', cron: '0 0 1 1 *', run }]);
    await until(async () => (await queue.getQueue('idle-job')) !== null);
    await send('idle-job');
    await until(() => asked === 2);
    isReady = () => Promise.reject(new Error('the database is away'));
    await until(() => asked === 4);
    expect(runs).toBe(0);

    isReady = () => Promise.resolve(true);
    await until(() => runs === 1);
  });
});

describe('the connections of a job queue', () => {
  const database = useTestDatabase();
  const line = useTcpProxy(() => database.url);

  it('end once, with the statement in progress, though nothing answers', async () => {
    const connections = new JobConnections(configurationOf(line), new SideTasks(logger, new Metrics()));
    await connections.executeSql('select 1');
    line.blackHole();
    const lost = connections.executeSql('select 2');
    await turn();
    const ending = [connections.end(), connections.end()];

    await expect(lost).rejects.toThrow();
    await Promise.all(ending);
  });
});

import { setImmediate } from 'node:timers/promises';
import PgBoss from 'pg-boss';
import type { Configuration } from '@countersign/config';
import { JobConnections, JobRunner, Readiness } from '@countersign/jobs';
import type { Logger, Metrics } from '@countersign/observability';
import type { TcpProxy } from '../support/tcp-proxy';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestDatabase, useTcpProxy } from '../support/use-test-app';

const configurationOf = ({ url }: TcpProxy): Configuration =>
  ({ databaseUrl: url, databasePooling: 'session', patience: 1 }) as Configuration;

describe('a recurring job', () => {
  const told: string[] = [];
  const unhandled: unknown[] = [];
  const note = (_: unknown, text: string): void => void told.push(text);
  const onUnhandled = (error: unknown): void => void unhandled.push(error);

  beforeAll(() => process.on('unhandledRejection', onUnhandled));
  afterAll(() => process.off('unhandledRejection', onUnhandled));

  const database = useTestDatabase();
  const line = useTcpProxy(() => database.url);
  const queue = useFixture(() => new PgBoss(database.directUrl).on('error', () => undefined).start(), {
    close: (started) => started.stop({ graceful: false }),
  });
  const startRunner = (readiness: Readiness): JobRunner =>
    new JobRunner(
      configurationOf(line),
      { info: note, warn: note } as unknown as Logger,
      { jobDone: () => undefined } as unknown as Metrics,
      readiness,
    );
  const close = (started: JobRunner) => started.onApplicationShutdown();
  const runner = useFixture(() => startRunner(new Readiness()), { close });
  const another = useFixture(() => startRunner(new Readiness()), { close });
  const failing = useFixture(() => startRunner(new Readiness()), { close });
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

  it('outlives a database that goes away while it runs, and runs again', async () => {
    let runs = 0;
    const run = async (): Promise<void> => {
      runs += 1;
      if (runs === 1) await line.cut();
    };
    runner.start([{ name: 'test-job', cron: '0 0 1 1 *', run }]);
    await until(async () => (await queue.getQueue('test-job')) !== null);
    await send('test-job', { retryLimit: 0 });
    await until(() => Promise.resolve(told.includes('the outcome of a job could not be recorded')));
    await line.restore();
    await send('test-job');
    await until(() => Promise.resolve(runs === 2));

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
    await until(() => Promise.resolve(runs === 1));
    line.blackHole();
    await line.restore();
    await send('other-job');
    await until(() => told.includes('the job queue is silent: it is made anew'));
    await until(() => runs === 2);
  });

  it('that fails is not done, and runs again', async () => {
    let runs = 0;
    const run = (): Promise<void> => {
      runs += 1;
      return runs === 1 ? Promise.reject(new Error('a failure')) : Promise.resolve();
    };
    failing.start([{ name: 'failing-job', cron: '0 0 1 1 *', run }]);
    await until(async () => (await queue.getQueue('failing-job')) !== null);
    const id = await send('failing-job');
    const state = async (): Promise<unknown> => (await queue.getJobById('failing-job', id))?.state;
    await until(async () => (await state()) === 'completed');

    expect(runs).toBe(2);
  });

  it('is left to others while this replica may not work', async () => {
    let runs = 0;
    let asked = 0;
    let isReady: () => Promise<boolean> = () => Promise.resolve(false);
    const run = (): Promise<void> => {
      runs += 1;
      return Promise.resolve();
    };
    readiness.judgeBy(() => {
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

  it('whose end the queue could not tell does not end the process, anything else does', () => {
    const gone = Promise.resolve();
    // The runner's, which was added last: jest's own fails the test.
    const judge = process.listeners('unhandledRejection').at(-1);
    judge?.(Object.assign(new Error('shutting down'), { code: '57P03' }), gone);

    expect(told).toContain('the job queue lost the database');
    expect(() => judge?.(new Error('a defect'), gone)).toThrow('a defect');
  });
});

describe('the connections of a job queue', () => {
  const database = useTestDatabase();
  const line = useTcpProxy(() => database.url);

  it('have ended when the last one is closed', async () => {
    const connections = new JobConnections(configurationOf(line), () => undefined);
    await connections.executeSql('select 1', []);
    line.blackHole();
    let isEnded = false;
    const ending = connections.end().then(() => (isEnded = true));
    await setImmediate();
    expect(isEnded).toBe(false);

    await line.cut();
    await ending;
  });
});

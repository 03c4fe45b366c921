import PgBoss from 'pg-boss';
import type { Configuration } from '@countersign/config';
import { JobRunner } from '@countersign/jobs';
import type { Logger, Metrics } from '@countersign/observability';
import { TcpProxy } from '../support/tcp-proxy';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { until } from '../support/until';

describe('a recurring job', () => {
  let database: TestDatabase;
  let line: TcpProxy;
  let queue: PgBoss;
  let runner: JobRunner;
  const told: string[] = [];
  const unhandled: unknown[] = [];
  const note = (_: unknown, text: string): void => void told.push(text);
  const onUnhandled = (error: unknown): void => void unhandled.push(error);

  beforeAll(async () => {
    database = await createTestDatabase();
    line = await TcpProxy.start(database.url);
    queue = new PgBoss(database.directUrl);
    queue.on('error', () => undefined);
    await queue.start();
    runner = new JobRunner(
      { databaseUrl: line.url } as Configuration,
      { info: note, warn: note } as unknown as Logger,
      { jobDone: () => undefined } as unknown as Metrics,
    );
    process.on('unhandledRejection', onUnhandled);
  });

  afterAll(async () => {
    process.off('unhandledRejection', onUnhandled);
    await runner.onApplicationShutdown();
    await queue.stop({ graceful: false });
    await line.cut();
    await database.drop();
  });

  it('outlives a database that goes away while it runs, and runs again', async () => {
    let runs = 0;
    const run = async (): Promise<void> => {
      runs += 1;
      if (runs === 1) await line.cut();
    };
    runner.start([{ name: 'test-job', cron: '0 0 1 1 *', run }]);
    await until(async () => (await queue.getQueue('test-job')) !== null);
    await queue.send('test-job', {}, { retryLimit: 0 });
    await until(() => Promise.resolve(told.includes('how a job ended could not be told')));
    await line.restore();
    await queue.send('test-job', {});
    await until(() => Promise.resolve(runs === 2));

    expect(unhandled).toEqual([]);
  }, 60_000);

  it('whose end the queue could not tell does not end the process, anything else does', () => {
    const gone = Promise.resolve();
    process.emit('unhandledRejection', Object.assign(new Error('shutting down'), { code: '57P03' }), gone);

    expect(told).toContain('the job queue lost the database');
    expect(() => process.emit('unhandledRejection', new Error('a defect'), gone)).toThrow('a defect');
  });
});

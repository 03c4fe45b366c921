import { SideTasks } from '@countersign/runtime';
import { generateKeyRing } from '@countersign/crypto';
import { migrate } from '@countersign/database';
import { TestApp } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { TestWorker } from '../support/test-worker';
import { until } from '../support/until';
import { useApplication, useTestApp } from '../support/use-test-app';

const ok = (name: string) => ({ name, ok: true, detail: 'ok' });

describe('health', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('says that the process answers, without asking anything else', async () => {
    const answer = await app.http.get('/health/live');

    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toEqual({ status: 'ok', checks: [] });
  });

  it('says that this replica can serve, and by which checks', async () => {
    app.clock.catchUp();
    const answer = await app.http.get('/health/ready');

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      status: 'ok',
      checks: [ok('database'), ok('schema'), ok('keys'), ok('clock'), ok('side-tasks')],
    });
    expect((await app.http.head('/health/ready')).status).toBe(200);
  });

  it('is degraded while a side task fails, and people sign in', async () => {
    app.clock.catchUp();
    const tasks = app.nest.get(SideTasks);
    await tasks.attempt('slides', () => Promise.reject(new Error('away')));
    const degraded = await app.http.get('/health/ready');
    await app.signIn(demo);
    await tasks.attempt('slides', () => Promise.resolve());
    const again = await app.http.get('/health/ready');

    expect(degraded.status).toBe(200);
    expect(degraded.body).toMatchObject({
      status: 'degraded',
      checks: expect.arrayContaining([
        { name: 'side-tasks', ok: true, detail: 'failing: slides' },
      ]) as unknown,
    });
    expect(again.body).toMatchObject({ status: 'ok' });
    expect((await app.gateway.get('/metrics')).text).toContain(
      'countersign_side_task_failures_total{task="slides"} 1',
    );
  });

  it.each([60, -60])('is not ready when the clocks are %i s apart', async (seconds) => {
    app.databaseClock.setAhead(-seconds);

    const [answer, withoutBody] = [await app.http.get('/health/ready'), await app.http.head('/health/ready')];
    app.databaseClock.setAhead(0);

    expect(withoutBody.status).toBe(503);

    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.body).toEqual({
      status: 'unavailable',
      checks: [
        ok('database'),
        ok('schema'),
        ok('keys'),
        {
          name: 'clock',
          ok: false,
          detail: expect.stringMatching(/^differs by [56]\d s from the clock of the database$/) as unknown,
        },
      ],
    });
    expect((await app.http.get('/health/live')).status).toBe(200);
  });
});

describe('health of a database that is not set up', () => {
  let database: TestDatabase;
  let app: TestApp;
  let kill: jest.SpyInstance;

  beforeEach(async () => {
    // Within a second the service finds out that the keys are wrong and ends its process, which is that of the tests.
    kill = jest.spyOn(process, 'kill').mockReturnValue(true);
  });

  afterEach(async () => {
    await app.close();
    await database.drop();
    kill.mockRestore();
  });

  it('names the schema and the command, and recovers when it has run', async () => {
    database = await createTestDatabase({ isEmpty: true });
    app = await TestApp.start({ database });
    const behind = await app.http.get('/health/ready');
    await migrate(database.directUrl);
    app.clock.catchUp();
    await until(async () => (await app.http.get('/health/ready')).status === 200);

    expect(behind.status).toBe(503);
    expect(behind.body).toEqual({
      status: 'unavailable',
      checks: [
        ok('database'),
        {
          name: 'schema',
          ok: false,
          detail: expect.stringMatching(/^is \d+ migration\(s\) behind: run countersign migrate$/) as unknown,
        },
      ],
    });
  });

  it('waits until its first keys are recorded', async () => {
    database = await createTestDatabase();
    await database.query('ALTER TABLE key_checks RENAME TO hidden');
    app = await TestApp.start({ database });
    await database.query('ALTER TABLE hidden ADD CONSTRAINT refusing CHECK (false)');
    await database.query('ALTER TABLE hidden RENAME TO key_checks');
    app.clock.catchUp();
    const unrecorded = await app.http.get('/health/ready');
    await database.query('ALTER TABLE key_checks DROP CONSTRAINT refusing');
    await until(async () => (await app.http.get('/health/ready')).status === 200);

    expect((unrecorded.body as { checks: readonly object[] }).checks.at(-1)).toEqual({
      name: 'keys',
      ok: false,
      detail: 'are not recorded yet',
    });
  });

  it('names the keys when the database belongs to others', async () => {
    database = await createTestDatabase();
    const owner = await TestWorker.start({ database, keys: JSON.stringify(generateKeyRing()) });
    await owner.close();
    await database.query('ALTER TABLE key_checks RENAME TO hidden');
    app = await TestApp.start({ database });
    await database.query('ALTER TABLE hidden RENAME TO key_checks');

    const answer = await app.http.get('/health/ready');

    expect(answer.status).toBe(503);
    expect(answer.body).toEqual({
      status: 'unavailable',
      checks: [
        ok('database'),
        ok('schema'),
        { name: 'keys', ok: false, detail: 'do not belong to this database' },
      ],
    });
  });
});

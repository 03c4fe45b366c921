import { ErasureUpkeep, IdleAccountUpkeep } from '@countersign/account';
import { aPerson } from '../factories';
import { aRapidpaceApplication, aRecord, register } from '../support/rapidpace';
import { useApplication, useTestApp, useTestDatabase } from '../support/use-test-app';

const DAY = 86_400;

describe('accounts that are not used', () => {
  const database = useTestDatabase();
  const app = useTestApp(async () => {
    // Days are those of UTC, wherever the server is.
    await database.query(`ALTER DATABASE ${database.name} SET timezone = 'America/Los_Angeles'`);
    return { database, environment: { IDLE_ACCOUNT_DAYS: '100' } };
  });
  const demo = useApplication(app);

  const run = () => app.nest.get(IdleAccountUpkeep).run();

  async function pendingOf(userId: string): Promise<readonly { reason: string; days: number }[]> {
    return app.database.query(
      `SELECT reason, extract(day FROM erase_at - requested_at)::int AS days FROM user_erasures WHERE user_id = $1`,
      [userId],
    );
  }

  it('are to be erased thirty days after a hundred without a visit, and others are kept', async () => {
    const [left, person] = [await app.signIn(demo), aPerson()];
    const returning = await app.signIn(demo, person);
    app.clock.advance(100 * DAY);
    await app.signIn(demo, person);
    expect(await run()).toBe(0);

    app.clock.advance(DAY);
    expect(await run()).toBe(1);
    expect(await run()).toBe(0);

    expect(await pendingOf(left.userId)).toEqual([{ reason: 'idle', days: 30 }]);
    expect(await pendingOf(returning.userId)).toEqual([]);
  });

  it('are to be erased after a hundred days since their registration where no visit followed', async () => {
    const { body } = await register(app, await aRapidpaceApplication(app), aRecord(app));
    const { userId } = body as { userId: string };
    await app.database.query(
      `UPDATE users SET created_at = date_trunc('day', created_at, 'UTC') WHERE id = $1`,
      [userId],
    );
    app.clock.advance(100 * DAY);
    await run();
    expect(await pendingOf(userId)).toEqual([]);

    app.clock.advance(DAY);
    await run();
    expect(await pendingOf(userId)).toEqual([{ reason: 'idle', days: 30 }]);
  });

  it('are kept while a session lasts that is older than the first recorded visit', async () => {
    const { userId, sessionId } = await app.signIn(demo);
    await app.database.query('DELETE FROM user_applications WHERE user_id = $1', [userId]);
    app.clock.advance(101 * DAY);
    await app.database.query('UPDATE sessions SET expires_at = $2, idle_expires_at = $2 WHERE id = $1', [
      sessionId,
      new Date(app.clock.now().getTime() + 1_000),
    ]);
    await run();
    expect(await pendingOf(userId)).toEqual([]);

    app.clock.advance(2);
    await run();
    expect(await pendingOf(userId)).toEqual([{ reason: 'idle', days: 30 }]);
  });
});

describe('accounts that were not used and are used again', () => {
  const app = useTestApp({ environment: { IDLE_ACCOUNT_DAYS: '100' } });
  const demo = useApplication(app, { settings: { perRequestInitData: { accept: true, maxAge: 600 } } });

  it('are kept without a sign-in, too', async () => {
    const person = aPerson();
    const { userId } = await app.signIn(demo, person);
    app.clock.advance(101 * DAY);
    expect(await app.nest.get(IdleAccountUpkeep).run()).toBe(1);

    app.clock.advance(DAY);
    await app.http
      .get('/v1/me')
      .set('authorization', `tma ${app.initDataOf(demo, person)}`)
      .set('x-countersign-application', demo.applicationId)
      .expect(200);
    app.clock.advance(30 * DAY);

    expect(await app.nest.get(ErasureUpkeep).run()).toBe(0);
    expect(await app.database.query('SELECT erasure FROM users WHERE id = $1', [userId])).toEqual([
      { erasure: null },
    ]);
  });
});

describe('without IDLE_ACCOUNT_DAYS, accounts that are not used', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('are kept', async () => {
    await app.signIn(demo);
    app.clock.advance(3_650 * DAY);

    expect(await app.nest.get(IdleAccountUpkeep).run()).toBe(0);
    expect(await app.database.query('SELECT FROM user_erasures')).toEqual([]);
  });
});

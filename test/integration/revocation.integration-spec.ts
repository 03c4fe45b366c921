import { Database, Notifications } from '@countersign/database';
import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { until } from '../support/until';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';

describe('revocation over replicas', () => {
  const app = useTestApp();
  const replica = useReplica(app);
  const demo = useApplication(app);

  async function cutNotifications(): Promise<void> {
    await app.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'countersign-listen'`,
    );
    await until(() => !app.isListening);
  }

  it('reaches a session that another replica has in memory', async () => {
    const { accessToken, sessionId } = await app.signIn(demo);
    await replica.getMe(accessToken);

    await app.accounts.revoke({ sessionId });

    await until(async () => (await replica.getMe(accessToken)).status === 401);
    expectProblem(await replica.getMe(accessToken), 401, 'session.ended');
  });

  it('reaches its own process at the commit, without the way through the database', async () => {
    const database = app.nest.get(Database);
    const notifications = app.nest.get(Notifications);
    const heard: string[] = [];
    // The process does not listen to this channel: it began to listen before.
    const onSent = (payload: string): void => void heard.push(payload);
    notifications.subscribe('of_the_test', { onMessage: () => undefined, onSent, onGap: () => undefined });
    const refused = database.transaction(async (tx) => {
      await notifications.send(tx, 'of_the_test', 'rolled back');
      throw new Error('of the test');
    });
    await expect(refused).rejects.toThrow('of the test');
    const before = await database.transaction(async (tx) => {
      await notifications.send(tx, 'of_the_test', 'committed');
      return heard.length;
    });

    expect({ before, heard }).toEqual({ before: 0, heard: ['committed'] });
  });

  it('reaches the pair that another replica has in memory when its proof is presented again', async () => {
    const initData = app.initDataOf(demo);
    const body = { applicationId: demo.applicationId, initData };
    const { accessToken } = (await app.postSignIn(body)).body as { accessToken: string };
    app.clock.advance(10);
    await replica.getMe(accessToken);

    await app.postSignIn(body);

    await until(async () => (await replica.getMe(accessToken)).status === 401);
  });

  it('reaches the session that makes room for an eleventh', async () => {
    const person = aPerson();
    const oldest = await app.signIn(demo, person);
    await replica.getMe(oldest.accessToken);

    for (let count = 0; count < 10; count += 1) await app.signIn(demo, person);

    await until(async () => (await replica.getMe(oldest.accessToken)).status === 401);
  });

  it('ends the earlier access token on another replica within thirty seconds of a refresh', async () => {
    const { accessToken, refreshToken } = await app.signIn(demo);
    await replica.getMe(accessToken);
    await app.refresh(refreshToken);
    const answers: number[] = [];
    for (let second = 0; second < 30; second += 5) {
      app.clock.advance(5);
      answers.push((await replica.getMe(accessToken)).status);
    }

    expect(answers.at(-1)).toBe(401);
    expect([...answers].sort()).toEqual(answers);
  });

  it('ends thousands of sessions of one person in one call', async () => {
    const { userId, accessToken, sessionId } = await app.signIn(demo);
    await app.database.query(
      `INSERT INTO sessions SELECT (clone).* FROM (
         SELECT jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid())) AS clone
         FROM sessions s, generate_series(1, 999) WHERE s.id = $1) AS clones`,
      [sessionId],
    );
    await replica.getMe(accessToken);

    expect(await app.accounts.revoke({ userId })).toEqual({ endedSessions: 1_000 });

    await until(async () => (await replica.getMe(accessToken)).status === 401);
  });

  it('holds while notifications are cut: every look-up reads the row', async () => {
    const { accessToken, sessionId } = await app.signIn(demo);
    await app.getMe(accessToken);
    await cutNotifications();

    await replica.accounts.revoke({ sessionId });

    expectProblem(await app.getMe(accessToken), 401, 'session.ended');
    await until(() => app.isListening);
  });

  it('holds for what was revoked while notifications were cut and came back', async () => {
    const { accessToken, sessionId } = await app.signIn(demo);
    await app.getMe(accessToken);
    await cutNotifications();
    await app.database.query(`UPDATE sessions SET ended_at = now(), end_reason = 'revoked' WHERE id = $1`, [
      sessionId,
    ]);
    await until(() => app.isListening);

    expectProblem(await app.getMe(accessToken), 401, 'session.ended');
  });
});

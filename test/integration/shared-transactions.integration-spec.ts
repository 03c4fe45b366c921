import { setTimeout } from 'node:timers/promises';
import { aPerson, countBy, times, type SignInBody } from '../factories';
import type { Demo } from '../support/test-app';
import { until } from '../support/until';
import { useApplication, useTestApp } from '../support/use-test-app';

const SLOW_COMMIT = 4711;

/** As `Database` has them. */
const LOCK_TIMEOUT_MS = 250;
const GROUPS_AT_ONCE = 2;

/** Calls that come together share a transaction; what is wrong with one of them must stay its own. */
describe('calls that share a transaction', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  const signInAs = (application: Demo, person = aPerson(), initData = app.initDataOf(application, person)) =>
    app.postSignIn({ applicationId: application.applicationId, initData });

  const logout = (session: SignInBody | undefined) =>
    app.http.post('/v1/auth/logout').set('authorization', `Bearer ${session?.accessToken ?? ''}`);

  async function countUsers(): Promise<number> {
    const [row] = await app.database.query<{ count: number }>('SELECT count(*)::int AS count FROM users');
    return row?.count ?? -1;
  }

  describe('whose commit takes long', () => {
    const other = useApplication(app);

    beforeAll(async () => {
      await app.database.query(`
        CREATE FUNCTION commit_slowly() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${SLOW_COMMIT}); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON sessions DEFERRABLE INITIALLY DEFERRED
          FOR EACH ROW WHEN (NEW.application_id = '${other.applicationId}') EXECUTE FUNCTION commit_slowly()`);
    });

    const countWaiting = async (): Promise<number> => {
      const waiting = await app.database.query(
        `SELECT DISTINCT pid FROM pg_locks
         WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return waiting.length;
    };

    it('are not done again one by one', async () => {
      const held = await app.database.hold(`SELECT pg_advisory_xact_lock(${SLOW_COMMIT})`);
      const entering = Promise.all(times(20, () => signInAs(other)));
      await until(() => app.isWaitingFor('COMMIT'));
      await setTimeout(2 * LOCK_TIMEOUT_MS);
      const waiting = await countWaiting();
      await held.commit();

      expect(countBy(await entering, ({ status }) => status)).toEqual({ 200: 20 });
      expect(waiting).toBeLessThanOrEqual(GROUPS_AT_ONCE);
    });

    it('are given up when it takes too long, and nothing is left of them', async () => {
      const users = await countUsers();
      const people = times(2, () => aPerson());
      const held = await app.database.hold(`SELECT pg_advisory_xact_lock(${SLOW_COMMIT})`);
      const refused = await Promise.all(people.map((person) => signInAs(other, person)));
      const waiting = await countWaiting();
      await held.commit();

      expect(countBy(refused, ({ status }) => status)).toEqual({ 503: 2 });
      expect(waiting).toBe(0);
      expect(await countUsers()).toBe(users);
      const again = await Promise.all(people.map((person) => signInAs(other, person)));
      expect(countBy(again, ({ body }) => String((body as SignInBody).isNewUser))).toEqual({ true: 2 });
    });
  });

  it('let everybody in but those who must not', async () => {
    const gone = await app.signIn(demo, aPerson());
    const banned = aPerson();
    const { userId } = await app.signIn(demo, banned);
    await app.accounts.setStatus(userId, 'deactivated');
    const used = aPerson();
    const usedProof = app.initDataOf(demo, used);
    const owner = (await signInAs(demo, used, usedProof)).body as SignInBody;

    const [fresh, deactivated, replayed, refreshed] = await Promise.all([
      Promise.all(times(10, () => signInAs(demo))),
      signInAs(demo, banned),
      signInAs(demo, used, usedProof),
      app.refresh(gone.refreshToken),
    ]);

    expect(countBy(fresh, ({ status }) => status)).toEqual({ 200: 10 });
    expect(deactivated.body).toMatchObject({ code: 'user.deactivated' });
    expect(replayed.body).toMatchObject({ sessionId: owner.sessionId, isNewUser: true });
    expect(refreshed.status).toBe(200);
  });

  it('make nobody when the bot was switched off while they gathered', async () => {
    const other = await app.createApplication();
    const users = await countUsers();
    const held = await app.database.hold('LOCK TABLE proofs IN SHARE MODE');
    const answers = Promise.all(times(5, () => signInAs(other)));
    await until(() => app.isWaitingFor('INSERT INTO proofs'));
    await held.run(`UPDATE bots SET status = 'disabled' WHERE application_id = $1`, [other.applicationId]);
    await held.commit();

    expect(countBy(await answers, ({ body }) => (body as { code: string }).code)).toEqual({
      'bot.disabled': 5,
    });
    expect(await countUsers()).toBe(users);
  });

  it('refresh, repeat, refuse and end side by side', async () => {
    const [current, repeated, reused, foreign] = await Promise.all(times(4, () => app.signIn(demo)));
    if (!current || !repeated || !reused || !foreign) throw new Error('nobody signed in');
    const used = (await app.refresh(reused.refreshToken)).body as SignInBody;
    await app.getMe(used.accessToken).expect(200);
    app.clock.advance(60);
    const next = (await app.refresh(repeated.refreshToken)).body as SignInBody;
    await logout(foreign);

    const answers = await Promise.all(
      [current, repeated, reused, foreign].map(({ refreshToken }) => app.refresh(refreshToken)),
    );

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 401]);
    expect((answers[1]?.body as SignInBody).refreshToken).toBe(next.refreshToken);
    expect(answers[2]?.body).toMatchObject({ code: 'session.refresh_reused' });
    expect(answers[3]?.body).toMatchObject({ code: 'session.ended' });
    expect(
      await app.database.query('SELECT end_reason FROM sessions WHERE id = $1', [reused.sessionId]),
    ).toEqual([{ end_reason: 'refresh-reuse' }]);
  });

  it('write one audit record for each that logs out', async () => {
    const sessions = await Promise.all(times(30, () => app.signIn(demo)));

    await Promise.all(sessions.map(logout));

    const ended = await app.database.query<{ subject: string; actor: string }>(
      `SELECT subject, actor FROM audit_records WHERE action = 'session.ended' AND subject = ANY($1)`,
      [sessions.map(({ sessionId }) => sessionId)],
    );
    expect(ended).toHaveLength(30);
    for (const { subject, actor } of ended) expect(actor).toBe(`session:${subject}`);
    const after = await Promise.all(sessions.map(({ accessToken }) => app.getMe(accessToken)));
    expect(countBy(after, ({ status }) => status)).toEqual({ 401: 30 });
  });

  it('wait for one session that is locked, without the others', async () => {
    const sessions = await Promise.all(times(12, () => app.signIn(demo)));
    const [locked, ...others] = sessions;
    const held = await app.database.hold(
      `SELECT 1 FROM sessions WHERE id = '${locked?.sessionId ?? ''}' FOR UPDATE`,
    );
    const waiting = app.refresh(locked?.refreshToken ?? '');
    const leaving = logout(others[0]);

    const answers = await Promise.all(others.slice(1).map(({ refreshToken }) => app.refresh(refreshToken)));

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 10 });
    expect((await leaving).status).toBe(204);
    await held.commit();
    expect((await waiting).status).toBe(200);
  });
});

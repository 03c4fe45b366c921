import { aPerson, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { useApplication, useTestApp } from '../support/use-test-app';

const app = useTestApp();
const demo = useApplication(app);

/** Rows may be written by a later version, by hand, or by whoever got at the database. */
describe('what this version does not understand in a row', () => {
  it('ends a session, also where memory is asked', async () => {
    const { accessToken, refreshToken, sessionId } = await app.signIn(demo);
    const { body } = await app.refresh(refreshToken).expect(200);
    const { accessToken: current, refreshToken: next } = body as SignInBody;
    await app.getMe(current).expect(200);
    await app.database.query(`UPDATE sessions SET ended_at = now(), end_reason = 'erased' WHERE id = $1`, [
      sessionId,
    ]);
    await app.database.query(`SELECT pg_notify('countersign_sessions_revoked', $1)`, [sessionId]);
    await app.catchUp();

    // The older one first: it reads the row, and what it read is what the others are told.
    for (const token of [accessToken, current, accessToken, current]) {
      const answer = await app.getMe(token);
      expect(answer.status).toBe(401);
      expect((await app.check(token)).status).toBe(401);
    }
    expectProblem(await app.refresh(next), 401, 'session.ended');
  });

  it('lets no proof re-enter a session of another assurance', async () => {
    const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };
    const { sessionId } = (await app.postSignIn(body)).body as SignInBody;
    // As a later version would widen it.
    await app.database.query('ALTER TABLE sessions DROP CONSTRAINT chk_sessions_assurance');
    await app.database.query(`UPDATE sessions SET assurance = 'passkey' WHERE id = $1`, [sessionId]);

    for (const seconds of [0, 20]) {
      app.clock.advance(seconds);
      expectProblem(await app.postSignIn(body), 401, 'auth.proof_used');
    }
  });

  it('lets an application go on whose settings have another name, and none that have another value', async () => {
    const other = await app.createApplication();
    const setSettings = async (settings: object): Promise<void> => {
      await app.database.query('UPDATE applications SET settings = settings || $2::jsonb WHERE id = $1', [
        other.applicationId,
        JSON.stringify(settings),
      ]);
      await app.catchUp();
    };

    await setSettings({ later: { required: true } });
    await app.signIn(other);
    await setSettings({ accountAssurance: 'passkey' });
    const body = { applicationId: other.applicationId, initData: app.initDataOf(other) };
    expectProblem(await app.postSignIn(body), 503, 'service.unavailable');
    await setSettings({ accountAssurance: 'platform' });
    expect((await app.postSignIn(body)).status).toBe(200);
  });

  it('refuses sign-ins by a bot whose status it does not know', async () => {
    const other = await app.createApplication();
    await app.signIn(other);
    // As a later version would widen it.
    await app.database.query('ALTER TABLE bots DROP CONSTRAINT chk_bots_status');
    await app.database.query(`UPDATE bots SET status = 'limited' WHERE application_id = $1`, [
      other.applicationId,
    ]);
    await app.catchUp();

    const body = { applicationId: other.applicationId, initData: app.initDataOf(other) };
    expectProblem(await app.postSignIn(body), 403, 'bot.disabled');
  });

  it('is told as what it is where a sealed value is another’s: trying again changes nothing', async () => {
    const [one, other] = [await app.signIn(demo, aPerson()), await app.signIn(demo, aPerson())];
    await app.database.query(
      `UPDATE identities SET content = (SELECT content FROM identities WHERE user_id = $2) WHERE user_id = $1`,
      [one.userId, other.userId],
    );

    const answer = await app.getMe(one.accessToken);

    expectProblem(answer, 500, 'service.data_unreadable');
    expect(answer.headers['retry-after']).toBeUndefined();
    expect((await app.getMe(other.accessToken)).status).toBe(200);
    expect((await app.gateway.get('/metrics')).text).toContain('countersign_data_unreadable_total 1');
    expect(app.logLines.join('')).toContain('stored data cannot be read');
  });
});

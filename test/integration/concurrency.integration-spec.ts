import { aPerson, type SignInBody } from '../factories';
import { until } from '../support/until';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';

describe('simultaneous calls', () => {
  const app = useTestApp();
  const replica = useReplica(app);
  const demo = useApplication(app);

  async function countRows(
    table: string,
    where = 'true',
    parameters: readonly unknown[] = [],
  ): Promise<number> {
    const [row] = await app.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${table} WHERE ${where}`,
      parameters,
    );
    return row?.count ?? -1;
  }

  it('leave no session that a sign-in is opening while "end all" runs', async () => {
    const short = await app.createApplication({
      settings: { session: { accessIdle: 60, refreshIdle: 600 } },
    });
    const person = aPerson();
    const proof = { applicationId: short.applicationId, initData: app.initDataOf(short, person) };
    await app.postSignIn(proof);
    app.clock.advance(601);
    const owner = await app.signIn(demo, person);
    const auditTrail = await app.database.hold('LOCK TABLE audit_records IN SHARE ROW EXCLUSIVE MODE');

    const signingIn = app.postSignIn(proof).then(({ status }) => status);
    await until(() => app.isWaitingFor('INSERT INTO audit_records'));
    const endingAll = replica.http
      .delete('/v1/me/sessions?all=true')
      .set('authorization', `Bearer ${owner.accessToken}`)
      .then(({ status }) => status);
    await until(
      async () => (await app.isWaitingFor('FROM users')) || (await app.isWaitingFor('sessions SET ended_at')),
    );
    await auditTrail.commit();

    expect(await Promise.all([signingIn, endingAll])).toEqual([200, 204]);
    expect(await countRows('sessions', 'user_id = $1 AND ended_at IS NULL', [owner.userId])).toBe(0);
  });

  it('never move the deadline of a newer token, nor any deadline back, by a late slide', async () => {
    const { accessToken, refreshToken, sessionId } = await app.signIn(demo);
    app.clock.advance(100);
    await app.getMe(accessToken);
    await app.flushSlides();
    const newer = (await replica.refresh(refreshToken)).body as SignInBody;
    const deadline = async (): Promise<Date | undefined> =>
      (
        await app.database.query<{ at: Date }>(
          'SELECT access_idle_expires_at AS at FROM sessions WHERE id = $1',
          [sessionId],
        )
      )[0]?.at;
    const afterRefresh = await deadline();
    app.clock.advance(5);
    expect((await app.getMe(accessToken)).status).toBe(200);
    app.clock.advance(70);
    await app.flushSlides();
    expect(await deadline()).toEqual(afterRefresh);

    await app.getMe(newer.accessToken);
    app.clock.advance(5);
    await replica.getMe(newer.accessToken);
    app.clock.advance(70);
    await replica.flushSlides();
    const furthest = await deadline();
    await app.flushSlides();
    expect(await deadline()).toEqual(furthest);
  });

  it('never revive a session by a slide that was waiting when it ended', async () => {
    const { accessToken, sessionId } = await app.signIn(demo);
    app.clock.advance(120);
    expect((await app.getMe(accessToken)).status).toBe(200);
    await replica.accounts.revoke({ sessionId });
    app.clock.advance(120);

    await app.flushSlides();

    expect(await countRows('sessions', 'id = $1 AND ended_at IS NOT NULL', [sessionId])).toBe(1);
    expect((await app.getMe(accessToken)).status).toBe(401);
  });

  it('never revive a session by a slide that reaches the row after its idle end', async () => {
    const { accessToken, sessionId } = await app.signIn(demo);
    await app.getMe(accessToken);
    app.clock.advance(600);
    await app.getMe(accessToken);
    await app.database.query(`UPDATE sessions SET access_idle_expires_at = $2 WHERE id = $1`, [
      sessionId,
      new Date(app.clock.now().getTime() - 1_000),
    ]);

    app.clock.advance(61);
    await app.flushSlides();

    const isStillOver = 'id = $1 AND access_idle_expires_at < $2';
    expect(await countRows('sessions', isStillOver, [sessionId, app.clock.now()])).toBe(1);
  });
});

import { aPerson, countBy, times, type SignInBody } from '../factories';
import type { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';

describe('simultaneous calls', () => {
  const app = useTestApp();
  const replica = useReplica(app);
  const demo = useApplication(app);

  const replicaOf = (index: number): TestApp => (index % 2 === 0 ? app : replica);

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

  it('make one user, one identity and ten sessions of twenty first sign-ins on two replicas', async () => {
    const person = aPerson();
    const [users, identities, digests] = [
      await countRows('users'),
      await countRows('identities'),
      await countRows('identity_digests'),
    ];
    const bodies = times(20, () => ({
      applicationId: demo.applicationId,
      initData: app.initDataOf(demo, person),
    }));

    const answers = await Promise.all(bodies.map((body, index) => replicaOf(index).postSignIn(body)));

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 20 });
    expect(new Set(answers.map(({ body }) => (body as SignInBody).userId)).size).toBe(1);
    expect(answers.filter(({ body }) => (body as SignInBody).isNewUser)).toHaveLength(1);
    expect(await countRows('users')).toBe(users + 1);
    expect(await countRows('identities')).toBe(identities + 1);
    expect(await countRows('identity_digests')).toBe(digests + 1);
    const { userId } = answers[0]?.body as SignInBody;
    expect(await countRows('sessions', 'user_id = $1 AND ended_at IS NULL', [userId])).toBe(10);
  });

  it('give one successor to ten refreshes with one token on two replicas', async () => {
    const { refreshToken, sessionId } = await app.signIn(demo);

    const answers = await Promise.all(times(10, (index) => replicaOf(index).refresh(refreshToken)));

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 10 });
    expect(new Set(answers.map(({ body }) => (body as SignInBody).refreshToken)).size).toBe(1);
    expect(new Set(answers.map(({ body }) => (body as SignInBody).accessToken)).size).toBe(1);
    expect(await countRows('sessions', 'id = $1 AND ended_at IS NULL', [sessionId])).toBe(1);
  });

  it('never leave a live token when a refresh races a revocation', async () => {
    const sessions = await Promise.all(times(20, () => app.signIn(demo)));

    const races = await Promise.all(
      sessions.map(async (session, index) => {
        const [refreshed] = await Promise.all([
          replicaOf(index).refresh(session.refreshToken),
          replicaOf(index + 1).accounts.revoke({ sessionId: session.sessionId }),
        ]);
        return { session, refreshed };
      }),
    );

    for (const { session, refreshed } of races) {
      const tokens = [session, ...(refreshed.status === 200 ? [refreshed.body as SignInBody] : [])];
      for (const { accessToken, refreshToken } of tokens) {
        expect((await app.getMe(accessToken)).status).toBe(401);
        expect((await app.refresh(refreshToken)).status).toBe(401);
      }
    }
  });

  it('never leave a live session of an account that is deactivated while it signs in', async () => {
    const people = times(10, () => aPerson());
    const first = await Promise.all(people.map((person) => app.signIn(demo, person)));

    await Promise.all(
      people.flatMap((person, index) => [
        ...times(5, () =>
          replicaOf(index).postSignIn({
            applicationId: demo.applicationId,
            initData: app.initDataOf(demo, person),
          }),
        ),
        replicaOf(index + 1).accounts.setStatus(first[index]?.userId ?? '', 'deactivated'),
      ]),
    );

    for (const { userId } of first)
      expect(await countRows('sessions', 'user_id = $1 AND ended_at IS NULL', [userId])).toBe(0);
  });

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

import { aPerson, countBy, times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('the same proof presented again', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  function prove(person = aPerson()): { applicationId: string; initData: string } {
    return { applicationId: demo.applicationId, initData: app.initDataOf(demo, person) };
  }

  async function signInWith(body: object): Promise<SignInBody> {
    const answer = await app.postSignIn(body);
    expect(answer.body).toMatchObject({ tokenType: 'Bearer' });
    return answer.body as SignInBody;
  }

  async function liveSessionsOf(userId: string): Promise<number> {
    const [row] = await app.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM sessions WHERE user_id = $1 AND ended_at IS NULL',
      [userId],
    );
    return row?.count ?? 0;
  }

  it('answers the identical pair within ten seconds, however parallel the calls', async () => {
    const proof = prove();

    const answers = await Promise.all(times(50, () => app.postSignIn(proof)));

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 50 });
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await liveSessionsOf((answers[0]?.body as SignInBody).userId)).toBe(1);
  });

  it('renews once for parallel calls', async () => {
    const proof = prove();
    await signInWith(proof);
    app.clock.advance(3_600);

    const answers = await Promise.all(times(20, () => app.postSignIn(proof)));

    expect(new Set(answers.map(({ body }) => (body as SignInBody).accessToken)).size).toBe(1);
  });

  it.each([
    [
      'was revoked by an operator',
      (session: SignInBody) => app.accounts.revoke({ sessionId: session.sessionId }),
    ],
    [
      'was revoked with all of the user',
      (session: SignInBody) => app.accounts.revoke({ userId: session.userId }),
    ],
    [
      'was ended with "end all"',
      (session: SignInBody) =>
        app.http.delete('/v1/me/sessions?all=true').set('authorization', `Bearer ${session.accessToken}`),
    ],
    [
      'was ended from the list',
      (session: SignInBody) =>
        app.http
          .delete(`/v1/me/sessions/${session.sessionId}`)
          .set('authorization', `Bearer ${session.accessToken}`),
    ],
    [
      'was ended by theft detection',
      async (session: SignInBody) => {
        const { body } = await app.refresh(session.refreshToken);
        await app.refresh((body as SignInBody).refreshToken);
        app.clock.advance(11);
        await app.refresh(session.refreshToken);
      },
    ],
  ])('opens nothing when its session %s', async (_, end) => {
    const proof = prove();
    const session = await signInWith(proof);
    await end(session);

    expectProblem(await app.postSignIn(proof), 401, 'auth.proof_used');
    expect(await liveSessionsOf(session.userId)).toBe(0);
  });

  it.each([
    [
      '"end all"',
      (owner: SignInBody) =>
        app.http.delete('/v1/me/sessions').set('authorization', `Bearer ${owner.accessToken}`),
    ],
    ['a revocation of the user', (owner: SignInBody) => app.accounts.revoke({ userId: owner.userId })],
    [
      'a deactivation, also when it is taken back',
      async (owner: SignInBody) => {
        await app.accounts.setStatus(owner.userId, 'deactivated');
        await app.accounts.setStatus(owner.userId, 'active');
      },
    ],
  ])('opens nothing after %s, also when whoever held it had logged out before', async (_, endAll) => {
    const person = aPerson();
    const stolen = prove(person);
    const thief = await signInWith(stolen);
    await app.http.post('/v1/auth/logout').set('authorization', `Bearer ${thief.accessToken}`);
    const owner = await app.signIn(demo, person);

    await endAll(owner);

    expectProblem(await app.postSignIn(stolen), 401, 'auth.proof_used');
  });

  it('opens nothing when somebody logs out of a session that is past its absolute end', async () => {
    const short = await app.createApplication({ settings: { session: { absolute: 600 } } });
    const proof = { applicationId: short.applicationId, initData: app.initDataOf(short) };
    const { accessToken } = await signInWith(proof);
    app.clock.advance(601);
    await app.http.post('/v1/auth/logout').set('authorization', `Bearer ${accessToken}`);

    expectProblem(await app.postSignIn(proof), 401, 'auth.proof_used');
  });

  it('does not bring back an older profile', async () => {
    const person = aPerson({ first_name: 'Old' });
    const older = prove(person);
    await signInWith(older);
    app.clock.advance(3_600);
    await app.signIn(demo, { ...person, first_name: 'New' });

    const { accessToken } = await signInWith(older);

    expect((await app.getMe(accessToken)).body).toMatchObject({ profile: { firstName: 'New' } });
  });

  it.each([0, 3_600])(
    'is not mistaken for its fields signed again with the bot token, %i s later',
    async (later) => {
      const lenient = await app.createApplication({ bot: { signaturePolicy: 'optional' } });
      const [person, authDate, queryId] = [aPerson(), app.clock.now(), 'AAHone'];
      const { applicationId } = lenient;
      const genuine = app.initDataOf(lenient, person, { authDate, queryId });
      const forged = app.initDataOf(lenient, person, { authDate, queryId, omitSignature: true });
      const { accessToken } = await signInWith({ applicationId, initData: genuine });
      app.clock.advance(later);

      expectProblem(await app.postSignIn({ applicationId, initData: forged }), 401, 'auth.proof_used');

      app.clock.advance(1);
      expect((await signInWith({ applicationId, initData: genuine })).assurance).toBe('platform');
      expect(accessToken).toMatch(/^cs_at_/);
    },
  );
});

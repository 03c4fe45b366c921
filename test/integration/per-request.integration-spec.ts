import { aPerson, times, type Person, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { loginOf, openWeb3InitDataOf, postTo } from '../support/proofs';
import { aRapidpaceApplication, aRecord, enter, queryOf } from '../support/rapidpace';
import { statementsOf } from '../support/statement-count';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('init data with every request', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { perRequestInitData: { accept: true, maxAge: 600 } } });

  const getMe = (initData: string, applicationId: string | null = demo.applicationId) => {
    const request = app.http.get('/v1/me').set('authorization', `tma ${initData}`);
    return applicationId === null ? request : request.set('x-countersign-application', applicationId);
  };

  it('says who it is, without a session, and creates the person at their first request only', async () => {
    const person = aPerson();
    const initData = app.initDataOf(demo, person);

    const [first, second] = [await getMe(initData), await getMe(initData)];

    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      session: null,
      profile: { firstName: person.first_name },
      identities: [{ provider: 'telegram', subject: String(person.id) }],
    });
    expect(second.body).toEqual(first.body);
    expect((await app.signIn(demo, person)).isNewUser).toBe(false);
  });

  it('uses nothing up: the same proof signs in afterwards, and serves again', async () => {
    const initData = app.initDataOf(demo);
    await getMe(initData);

    expect((await app.postSignIn({ applicationId: demo.applicationId, initData })).status).toBe(200);
    expect((await getMe(initData)).status).toBe(200);
  });

  it('ends nothing that a weaker proof has opened, where it was made before a revocation', async () => {
    const [person, { applicationId }] = [aPerson(), demo];
    const captured = app.initDataOf(demo, person);
    app.clock.advance(2);
    const signInWeakly = async (): Promise<SignInBody> =>
      (await postTo(app, 'telegram/login-widget', { applicationId, data: loginOf(app, demo, person) }))
        .body as SignInBody;
    const { userId } = await signInWeakly();
    await app.accounts.revoke({ userId });
    const later = await signInWeakly();

    expectProblem(await getMe(captured), 401, 'auth.proof_outdated');
    expect((await app.getMe(later.accessToken)).status).toBe(200);
  });

  it('writes nothing for somebody who is known', async () => {
    const initData = app.initDataOf(demo);
    await getMe(initData);

    const statements = await statementsOf(app, () => getMe(initData));

    expect(statements.filter((text) => /INSERT|UPDATE|DELETE|FOR (NO KEY )?UPDATE/.test(text))).toEqual([]);
  });

  it('makes one user of many first requests at once', async () => {
    const person = aPerson();
    const answers = await app.withReplica((replica) =>
      Promise.all(
        times(20, (index) =>
          (index % 2 === 0 ? app : replica).http
            .get('/v1/me')
            .set('authorization', `tma ${app.initDataOf(demo, person)}`)
            .set('x-countersign-application', demo.applicationId),
        ),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual(times(20, () => 200));
    expect(new Set(answers.map(({ body }) => (body as { userId: string }).userId)).size).toBe(1);
  });

  it('takes OpenWeb3 init data by the bot that signed it', async () => {
    const im = await app.addBot(demo.applicationId, { provider: 'openweb3' });
    const person = aPerson();
    const initData = openWeb3InitDataOf(app, { applicationId: demo.applicationId, ...im }, person);

    expect((await getMe(initData)).body).toMatchObject({
      identities: [{ provider: 'openweb3', subject: String(person.id) }],
    });
  });

  it('is refused where the application does not take it, which is the default', async () => {
    const closed = await app.createApplication();
    const before = await inventoryOf(app);

    expectProblem(await getMe(app.initDataOf(closed), closed.applicationId), 403, 'auth.per_request_refused');
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('is refused by a third-party application where it rests on the token of its bot alone', async () => {
    const game = await app.createApplication({
      trust: 'third-party',
      settings: { perRequestInitData: { accept: true, maxAge: 600 } },
      bot: { signaturePolicy: 'optional' },
    });
    const before = await inventoryOf(app);
    const byToken = app.initDataOf(game, aPerson(), { omitSignature: true });

    expectProblem(await getMe(byToken, game.applicationId), 403, 'auth.assurance_too_low');
    expect(await inventoryOf(app)).toEqual(before);
    expect((await getMe(app.initDataOf(game), game.applicationId)).status).toBe(200);
  });

  it('is refused by a third-party application where the cap of the identity is no higher, though the proof is', async () => {
    const game = await app.createApplication({
      trust: 'third-party',
      settings: { perRequestInitData: { accept: true, maxAge: 600 } },
    });
    const person = aPerson();
    expect((await getMe(app.initDataOf(game, person), game.applicationId)).status).toBe(200);
    await app.database.query(`UPDATE identities SET cap = 'bot-token'`);
    app.clock.advance(1);

    expectProblem(
      await getMe(app.initDataOf(game, person), game.applicationId),
      403,
      'auth.assurance_too_low',
    );
  });

  it('has an age limit of its own, shorter than that of sign-in', async () => {
    const initData = app.initDataOf(demo);
    app.clock.advance(601);

    expectProblem(await getMe(initData), 401, 'init_data.auth_date_expired');
    expect((await app.postSignIn({ applicationId: demo.applicationId, initData })).status).toBe(200);
  });

  it('ends with "end all sessions", also what was never shown before; what is made later serves', async () => {
    const person = aPerson();
    const [used, unused] = [app.initDataOf(demo, person), app.initDataOf(demo, person)];
    const { accessToken } = await app.signIn(demo, person);
    await getMe(used);
    app.clock.advance(1);
    await app.http.delete('/v1/me/sessions?all=true').set('authorization', `Bearer ${accessToken}`);

    expectProblem(await getMe(used), 401, 'auth.proof_outdated');
    expectProblem(await getMe(unused), 401, 'auth.proof_outdated');
    expect((await getMe(app.initDataOf(demo, person))).status).toBe(200);
  });

  describe.each<[string, 'ends' | 'goes on', (person: Person) => Promise<SignInBody>]>([
    [
      'a first-party application',
      'ends',
      async (person) => app.signIn(await app.createApplication(), person),
    ],
    [
      'a third-party application',
      'goes on',
      async (person) => app.signIn(await app.createApplication({ trust: 'third-party' }), person),
    ],
    [
      'a vendor',
      'goes on',
      async (person) => {
        const casino = await aRapidpaceApplication(app);
        const record = aRecord(app, { telegram_id: person.id });
        return enter(app, casino.applicationId, queryOf(record, casino.secret));
      },
    ],
  ])('when a session of %s elsewhere ends them all', (_, outcome, signInElsewhere) => {
    it.each(['', '?all=true'])(`${outcome} here (%p)`, async (query) => {
      const person = aPerson();
      const initData = app.initDataOf(demo, person);
      await getMe(initData);
      app.clock.advance(1);
      const { accessToken } = await signInElsewhere(person);

      const ended = await app.http
        .delete(`/v1/me/sessions${query}`)
        .set('authorization', `Bearer ${accessToken}`);

      expect(ended.status).toBe(204);
      const answer = await getMe(initData);
      if (outcome === 'ends') expectProblem(answer, 401, 'auth.proof_outdated');
      else expect(answer.status).toBe(200);
    });
  });

  it('ends with a revocation by the operator', async () => {
    const person = aPerson();
    const initData = app.initDataOf(demo, person);
    const { userId } = (await getMe(initData)).body as { userId: string };
    app.clock.advance(1);
    await app.accounts.revoke({ userId });

    expectProblem(await getMe(initData), 401, 'auth.proof_outdated');
  });

  it('is refused for a deactivated person', async () => {
    const initData = app.initDataOf(demo);
    const { userId } = (await getMe(initData)).body as { userId: string };
    await app.accounts.setStatus(userId, 'deactivated');

    expectProblem(await getMe(initData), 403, 'user.deactivated');
  });

  it('that was made before a deactivation counts for nothing after it, when its person is active again', async () => {
    const person = aPerson();
    const initData = app.initDataOf(demo, person);
    const { userId } = (await getMe(initData)).body as { userId: string };
    app.clock.advance(1);
    await app.accounts.setStatus(userId, 'deactivated');
    await app.accounts.setStatus(userId, 'active');

    expectProblem(await getMe(initData), 401, 'auth.proof_outdated');
    expect((await getMe(app.initDataOf(demo, person))).status).toBe(200);
  });

  it('needs the application in a header', async () => {
    const initData = app.initDataOf(demo);

    expectProblem(await getMe(initData, null), 400, 'auth.application_missing');
    expectProblem(await getMe(initData, 'x'), 400, 'auth.application_missing');
    expectProblem(
      await getMe(initData, '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11'),
      404,
      'application.not_found',
    );
  });

  it.each([
    ['nothing', '', 'init_data.empty', 400],
    ['junk', 'x', 'init_data.malformed', 400],
    ['what another bot signed', 'foreign', 'init_data.hash_mismatch', 401],
  ])('is refused for %s', async (_, text, code, status) => {
    const other = await app.createApplication();

    expectProblem(await getMe(text === 'foreign' ? app.initDataOf(other) : text), status, code);
  });

  it('reaches no route but those that say so', async () => {
    const initData = app.initDataOf(demo);
    const routes = [
      ['get', '/v1/me/sessions'],
      ['delete', '/v1/me/sessions'],
      ['get', '/v1/me/identities'],
      ['post', '/v1/me/identities/wallets'],
      ['delete', '/v1/me/identities/0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11'],
      ['post', '/v1/me/step-up'],
      ['post', '/v1/me/merges'],
      ['post', '/v1/me/contact'],
      ['post', '/v1/auth/logout'],
    ] as const;
    for (const [method, path] of routes)
      expectProblem(
        await app.http[method](path)
          .set('authorization', `tma ${initData}`)
          .set('x-countersign-application', demo.applicationId),
        401,
        'session.token_missing',
      );
  });

  it('stands in no log line', async () => {
    const initData = app.initDataOf(demo);
    await getMe(initData);
    await getMe(`${initData}&x=1`);

    const hash = /hash=(\w{64})/.exec(initData)?.[1] ?? '';
    expect(app.logLines.join('')).not.toContain(hash);
  });
});

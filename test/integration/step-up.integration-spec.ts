import { settleAttachments } from '../support/accounts';
import { aPerson, times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { sessionOf, signInOpenWeb3, signInPerson } from '../support/person-session';
import { loginOf, openWeb3InitDataOf } from '../support/proofs';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

describe('POST /v1/me/step-up', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const im = useOpenWeb3Bot(app, demo);

  it('marks the session for five minutes, and opens none', async () => {
    const session = await signInPerson(app, demo);
    const { sessions } = (await inventoryOf(app)) as { sessions: number };

    const answer = await session.stepUp();

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ stepUpExpiresIn: 300 });
    expect(await inventoryOf(app)).toMatchObject({ sessions });
    expect(
      await app.database.query('SELECT step_up_expires_at AS at FROM sessions WHERE id = $1', [
        session.sessionId,
      ]),
    ).toEqual([{ at: new Date(app.clock.now().getTime() + 300_000) }]);
  });

  it('takes any identity of one’s own that is proven at the level of the account', async () => {
    const session = await signInPerson(app, demo);
    await session.stepUp();
    const other = aPerson();
    await session.post('/v1/me/identities/telegram/init-data', { initData: app.initDataOf(demo, other) });
    const im3 = aPerson();
    const openWeb3Proof = () => ({ initData: openWeb3InitDataOf(app, im, im3), botId: im.botId });
    await session.post('/v1/me/identities/openweb3/init-data', openWeb3Proof());

    const byOther = { initData: app.initDataOf(demo, other) };
    expect((await session.post('/v1/me/step-up', byOther)).body).toEqual({ stepUpExpiresIn: 300 });
    const data = loginOf(app, demo, session.person);
    expectProblem(await session.post('/v1/me/step-up', { data }), 403, 'auth.assurance_too_low');
    expectProblem(await session.post('/v1/me/step-up', openWeb3Proof()), 403, 'auth.assurance_too_low');
  });

  it('takes OpenWeb3 where nobody of the account can do better, and the level is lowered', async () => {
    const openWeb3 = await signInOpenWeb3(app, im);
    expectProblem(await openWeb3.stepUp(), 403, 'auth.assurance_too_low');
    await app.lowerAccountLevel();

    expect((await openWeb3.stepUp()).body).toEqual({ stepUpExpiresIn: 300 });
  });

  it('answers the same when the answer was lost, without gaining time', async () => {
    const session = await signInPerson(app, demo);
    const body = { initData: app.initDataOf(demo, session.person) };
    await session.post('/v1/me/step-up', body);
    app.clock.advance(100);

    expect((await session.post('/v1/me/step-up', body)).body).toEqual({ stepUpExpiresIn: 200 });
  });

  it('refuses a proof of somebody else', async () => {
    const session = await signInPerson(app, demo);
    const stranger = await signInPerson(app, demo);
    const before = await inventoryOf(app);
    for (const person of [aPerson(), stranger.person])
      expectProblem(
        await session.post('/v1/me/step-up', { initData: app.initDataOf(demo, person) }),
        403,
        'account.other_person',
      );
    // The same number at another provider is another person.
    expectProblem(
      await session.post('/v1/me/step-up', { initData: openWeb3InitDataOf(app, im, session.person) }),
      403,
      'account.other_person',
    );
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('refuses a proof that opened a session, and one that stepped another session up', async () => {
    const person = aPerson();
    const initData = app.initDataOf(demo, person);
    await app.postSignIn({ applicationId: demo.applicationId, initData });
    const [one, other] = [await signInPerson(app, demo, person), await signInPerson(app, demo, person)];
    const fresh = { initData: app.initDataOf(demo, person) };

    expectProblem(await one.post('/v1/me/step-up', { initData }), 401, 'auth.proof_used');
    expect((await one.post('/v1/me/step-up', fresh)).status).toBe(200);
    expectProblem(await other.post('/v1/me/step-up', fresh), 401, 'auth.proof_used');
  });

  it('uses the proof up: it opens no session afterwards', async () => {
    const session = await signInPerson(app, demo);
    const initData = app.initDataOf(demo, session.person);
    await session.post('/v1/me/step-up', { initData });

    expectProblem(
      await app.postSignIn({ applicationId: demo.applicationId, initData }),
      401,
      'auth.proof_used',
    );
  });

  it('refuses a proof that is older than five minutes', async () => {
    const session = await signInPerson(app, demo);
    const initData = app.initDataOf(demo, session.person);
    app.clock.advance(301);

    expectProblem(await session.post('/v1/me/step-up', { initData }), 401, 'auth.proof_not_fresh');
  });

  it('refuses a proof for another application, and a body of two sign-ins or none', async () => {
    const session = await signInPerson(app, demo);
    const other = await app.createApplication();
    const initData = app.initDataOf(demo, session.person);
    const { applicationId } = other;

    expectProblem(
      await session.post('/v1/me/step-up', { applicationId, initData }),
      403,
      'auth.application_mismatch',
    );
    expectProblem(
      await session.post('/v1/me/step-up', { initData: app.initDataOf(other, session.person) }),
      401,
      'init_data.hash_mismatch',
    );
    for (const body of [{}, { initData, query: 'id=1' }, { initData, code: 'x' }])
      expectProblem(await session.post('/v1/me/step-up', body), 400, 'request.invalid');
    expectProblem(
      await session.post('/v1/me/step-up', { initData, surprise: 1 }),
      400,
      'request.unknown_field',
    );
    expectProblem(await session.post('/v1/me/step-up', { code: 'cs_rc_x' }), 401, 'auth.code_invalid');
  });

  it('takes the whole body of a sign-in too', async () => {
    const session = await signInPerson(app, demo);
    const body = {
      applicationId: demo.applicationId.toUpperCase(),
      botId: demo.botId,
      deviceName: 'Pixel',
      initData: app.initDataOf(demo, session.person),
    };

    expect((await session.post('/v1/me/step-up', body)).status).toBe(200);
  });

  it('ends with the repetition of the sign-in too: whoever holds its proof has shown no fresh one', async () => {
    const person = aPerson();
    const signIn = {
      applicationId: demo.applicationId,
      initData: app.initDataOf(demo, person),
      botId: demo.botId,
    };
    const owner = (await app.postSignIn(signIn)).body as SignInBody;
    const asOwner = sessionOf(app, owner, person, () => ({ initData: app.initDataOf(demo, person) }));
    expect((await asOwner.stepUp()).status).toBe(200);

    const other = (await app.postSignIn(signIn)).body as SignInBody;

    expect(other.accessToken).not.toBe(owner.accessToken);
    const asOther = sessionOf(app, other, person, () => ({}));
    const proof = { initData: openWeb3InitDataOf(app, im, aPerson()), botId: im.botId };
    expectProblem(
      await asOther.post('/v1/me/identities/openweb3/init-data', proof),
      403,
      'account.step_up_required',
    );
  });

  it.each([
    [299, 201],
    [300, 403],
  ])('lets an identity be linked %i s later: %i', async (seconds, status) => {
    const session = await signInPerson(app, demo);
    await session.stepUp();
    app.clock.advance(seconds);
    const initData = openWeb3InitDataOf(app, im, aPerson());

    const linked = await session.post('/v1/me/identities/openweb3/init-data', { initData });

    expect(linked.status).toBe(status);
  });

  it('does not answer for a step-up that has ended since', async () => {
    const person = aPerson();
    const signIn = {
      applicationId: demo.applicationId,
      initData: app.initDataOf(demo, person),
      botId: demo.botId,
    };
    const first = (await app.postSignIn(signIn)).body as SignInBody;
    const body = { initData: app.initDataOf(demo, person) };
    const asFirst = sessionOf(app, first, person, () => body);
    await asFirst.stepUp();
    const second = (await app.postSignIn(signIn)).body as SignInBody;

    expectProblem(await sessionOf(app, second, person, () => body).stepUp(), 401, 'auth.proof_used');
  });

  it('is not reached by third-party applications', async () => {
    const third = await app.createApplication({ trust: 'third-party' });
    const session = await signInPerson(app, third);

    expectProblem(await session.stepUp(), 403, 'account.first_party_only');
  });

  it('lives on through a refresh, and ends when the proof that opened the session is shown again', async () => {
    const person = aPerson();
    const launch = { applicationId: demo.applicationId, initData: app.initDataOf(demo, person) };
    const opened = (await app.postSignIn(launch)).body as SignInBody;
    const sessionWith = (body: unknown) =>
      sessionOf(app, body as SignInBody, person, () => ({ initData: app.initDataOf(demo, person) }));
    const link = '/v1/me/identities/openweb3/init-data';
    const anotherProof = () => ({ initData: openWeb3InitDataOf(app, im, aPerson()) });
    await sessionWith(opened).stepUp();

    const refreshed = sessionWith((await app.refresh(opened.refreshToken)).body);
    const linked = await refreshed.post(link, anotherProof());
    expect(linked.status).toBe(201);

    const { body, status } = await app.postSignIn(launch);
    expect({ status, body: body as unknown }).toMatchObject({
      status: 200,
      body: { sessionId: opened.sessionId },
    });
    const reentered = sessionWith(body);
    const mergeable = await signInOpenWeb3(app, im);
    const before = await inventoryOf(app);
    const { identityId } = linked.body as { identityId: string };
    for (const answer of [
      await reentered.delete(`/v1/me/identities/${identityId}`),
      await reentered.post(link, anotherProof()),
      await reentered.post('/v1/me/merges', { initData: openWeb3InitDataOf(app, im, mergeable.person) }),
    ])
      expectProblem(answer, 403, 'account.step_up_required');
    expect(await inventoryOf(app)).toEqual(before);

    await reentered.stepUp();
    await settleAttachments(app);
    expect((await reentered.delete(`/v1/me/identities/${identityId}`)).status).toBe(204);
  });

  it('is one use, however many sessions try at once', async () => {
    const person = aPerson();
    const sessions = await Promise.all(times(5, () => signInPerson(app, demo, person)));
    const body = { initData: app.initDataOf(demo, person) };

    const answers = await Promise.all(sessions.map((session) => session.post('/v1/me/step-up', body)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401, 401]);
  });
});

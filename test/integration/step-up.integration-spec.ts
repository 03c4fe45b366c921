import { linkIdentity, settleAttachments } from '../support/accounts';
import { aPerson, times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { walletSession } from '../support/linked-wallets';
import { aLoginCode } from '../support/login-code';
import { sessionOf, signInPerson, type PersonSession } from '../support/person-session';
import { loginOf, openWeb3InitDataOf, widgetForms } from '../support/proofs';
import { aCasinoWithBot, aRecord, codeOf, openLink, queryOf, register } from '../support/rapidpace';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE } from '../support/wallets';

describe('POST /v1/me/step-up', () => {
  const app = useTestApp();
  const demo = useApplication(app, {
    settings: { origins: [SITE], wallets: { createsAccounts: true }, loginWidget: { accept: true } },
  });
  const im = useOpenWeb3Bot(app, demo);

  const unlinkOwn = async (session: PersonSession) => {
    const { items } = (await session.get('/v1/me/identities')).body as { items: { identityId: string }[] };
    return session.delete(`/v1/me/identities/${items.at(-1)?.identityId ?? ''}`);
  };

  it('takes no proof that was made for signing in: not for a step-up, a link or a merge', async () => {
    const session = await signInPerson(app, demo);
    await session.stepUp();
    app.clock.advance(301);
    const before = await inventoryOf(app);
    const initData = app.initDataOf(demo, session.person);
    const login = loginOf(app, demo, session.person);
    const proofs = [
      { initData },
      { initData, botId: demo.botId },
      { initData, code: 'cs_rc_x' },
      { initData: openWeb3InitDataOf(app, im, session.person) },
      ...Object.values(widgetForms).map((form) => form(login)),
    ];

    for (const proof of proofs)
      for (const path of ['step-up', 'merges', 'identities/wallets'])
        expectProblem(await session.post(`/v1/me/${path}`, proof), 403, 'auth.proof_names_no_act');
    for (const door of ['telegram/init-data', 'telegram/login-widget', 'openweb3/init-data', 'exchange'])
      expect([404, 405]).toContain((await session.post(`/v1/me/identities/${door}`, { initData })).status);
    expect(await inventoryOf(app)).toEqual(before);
    // Nothing has used it up.
    expect((await app.postSignIn({ applicationId: demo.applicationId, initData })).status).toBe(200);
  });

  it('takes no code of a link, which its vendor signed', async () => {
    const { casino, demo: both } = await aCasinoWithBot(app);
    const session = await signInPerson(app, both);
    const record = aRecord(app, { telegram_id: session.person.id });
    expect((await register(app, casino, record)).status).toBeLessThan(300);
    const code = codeOf(await openLink(app, both.applicationId, queryOf(record, casino.secret)));

    expectProblem(await session.post('/v1/me/step-up', { code }), 403, 'auth.proof_names_no_act');
  });

  it('takes any identity of one’s own that is proven at the level of the account', async () => {
    const session = await signInPerson(app, demo);
    const other = aPerson();
    await linkIdentity(app, demo, session, { person: other });

    const byOther = await aLoginCode(app, demo, other);
    expect((await session.post('/v1/me/step-up', byOther)).body).toEqual({ stepUpExpiresIn: 300 });
  });

  it('takes the answer of a wallet to a challenge for it', async () => {
    const session = await walletSession(app, demo, anEvmWallet());

    expect((await session.stepUp()).body).toEqual({ stepUpExpiresIn: 300 });
  });

  it('refuses a proof of somebody else', async () => {
    const session = await signInPerson(app, demo);
    const stranger = await signInPerson(app, demo);
    for (const person of [aPerson(), stranger.person])
      expectProblem(
        await session.post('/v1/me/step-up', await aLoginCode(app, demo, person)),
        403,
        'account.other_person',
      );
  });

  it('uses the code up: it steps up once, and opens no session afterwards', async () => {
    const session = await signInPerson(app, demo);
    const proof = await aLoginCode(app, demo, session.person);
    expect((await session.post('/v1/me/step-up', proof)).status).toBe(200);

    expectProblem(await session.post('/v1/me/step-up', proof), 410, 'auth.code_used');
    const { applicationId } = demo;
    const exchanged = await app.http.post('/v1/auth/exchange').send({ applicationId, ...proof });
    expectProblem(exchanged, 410, 'auth.code_used');
  });

  it('refuses a proof that is older than five minutes', async () => {
    const session = await signInPerson(app, demo);
    const made = new Date(app.clock.now().getTime() - 301_000);
    const proof = await aLoginCode(app, demo, session.person, made);

    expectProblem(await session.post('/v1/me/step-up', proof), 401, 'auth.proof_not_fresh');
  });

  it('refuses a proof for another application, and a body of two sign-ins or none', async () => {
    const session = await signInPerson(app, demo);
    const other = await app.createApplication();
    const { code } = await aLoginCode(app, demo, session.person);
    const { applicationId } = other;

    expectProblem(
      await session.post('/v1/me/step-up', { applicationId, code }),
      403,
      'auth.application_mismatch',
    );
    const ofOther = await aLoginCode(app, other, session.person);
    expectProblem(await session.post('/v1/me/step-up', ofOther), 401, 'auth.code_invalid');
    for (const body of [{}, { code, signature: `0x${'00'.repeat(65)}`, challengeId: 'cs_wc_x' }])
      expectProblem(await session.post('/v1/me/step-up', body), 400, 'request.invalid');
    expectProblem(await session.post('/v1/me/step-up', { code, surprise: 1 }), 400, 'request.unknown_field');
    expectProblem(await session.post('/v1/me/step-up', { code: 'cs_rc_x' }), 401, 'auth.code_invalid');
  });

  it('ends with the repetition of the sign-in too: whoever holds its proof has shown no fresh one', async () => {
    const person = aPerson();
    const signIn = {
      applicationId: demo.applicationId,
      initData: app.initDataOf(demo, person),
      botId: demo.botId,
    };
    const owner = (await app.postSignIn(signIn)).body as SignInBody;
    const asOwner = sessionOf(app, owner, person, () => aLoginCode(app, demo, person));
    expect((await asOwner.stepUp()).status).toBe(200);

    const other = (await app.postSignIn(signIn)).body as SignInBody;

    expect(other.accessToken).not.toBe(owner.accessToken);
    const asOther = sessionOf(app, other, person, () => ({}));
    expectProblem(await asOther.post('/v1/me/joins'), 403, 'account.step_up_required');
  });

  it.each([
    [299, 201],
    [300, 403],
  ])('is valid for 300 seconds: after %i s a request to join answers %i', async (seconds, status) => {
    const session = await signInPerson(app, demo);
    await session.stepUp();
    app.clock.advance(seconds);

    expect((await session.post('/v1/me/joins')).status).toBe(status);
  });

  it('lives on through a refresh, and ends when the proof that opened the session is shown again', async () => {
    const person = aPerson();
    const launch = { applicationId: demo.applicationId, initData: app.initDataOf(demo, person) };
    const opened = (await app.postSignIn(launch)).body as SignInBody;
    const sessionWith = (body: unknown) =>
      sessionOf(app, body as SignInBody, person, () => aLoginCode(app, demo, person));
    await linkIdentity(app, demo, sessionWith(opened), { person: aPerson() });
    await settleAttachments(app);
    await sessionWith(opened).stepUp();

    const refreshed = sessionWith((await app.refresh(opened.refreshToken)).body);
    expect((await refreshed.post('/v1/me/joins')).status).toBe(201);

    const { body, status } = await app.postSignIn(launch);
    expect({ status, body: body as unknown }).toMatchObject({
      status: 200,
      body: { sessionId: opened.sessionId },
    });
    const reentered = sessionWith(body);
    const before = await inventoryOf(app);
    for (const answer of [await unlinkOwn(reentered), await reentered.post('/v1/me/joins')])
      expectProblem(answer, 403, 'account.step_up_required');
    expect(await inventoryOf(app)).toEqual(before);

    await reentered.stepUp();
    expect((await unlinkOwn(reentered)).status).toBe(204);
  });

  it('is one use, however many sessions try at once', async () => {
    const person = aPerson();
    const sessions = await Promise.all(times(5, () => signInPerson(app, demo, person)));
    const body = await aLoginCode(app, demo, person);

    const answers = await Promise.all(sessions.map((session) => session.post('/v1/me/step-up', body)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 410, 410, 410, 410]);
  });
});

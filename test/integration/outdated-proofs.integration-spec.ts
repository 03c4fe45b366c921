import { aPerson, times, type Person, type SignInBody } from '../factories';
import { linkIdentity, settleAttachments } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { aLenientGame, signInByHash } from '../support/lenient-game';
import { sessionOf, signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { aLoginCode } from '../support/login-code';
import { contactOf, loginOf, openWeb3InitDataOf, postTo } from '../support/proofs';
import {
  aRapidpaceApplication,
  aRecord,
  codeOf,
  enter,
  exchange,
  openLink,
  queryOf,
} from '../support/rapidpace';
import { Countersign } from '../support/run-countersign';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

describe('a proof that was made before', () => {
  const app = useTestApp();
  const demo = useApplication(app, {
    settings: { dataNeeds: ['name', 'phone'], loginWidget: { accept: true } },
  });
  const im = useOpenWeb3Bot(app, demo);
  const game = useFixture(() => aLenientGame(app));

  const signInWith = (initData: string) => app.postSignIn({ applicationId: demo.applicationId, initData });
  const endAll = ({ accessToken }: SignInBody, query = '') =>
    app.http.delete(`/v1/me/sessions${query}`).set('authorization', `Bearer ${accessToken}`);

  /** An identity of `person` that `owner` has linked. */
  async function linked(): Promise<{ owner: PersonSession; person: Person; identityId: string }> {
    const [owner, person] = [await signInPerson(app, demo), aPerson()];
    const identityId = await linkIdentity(app, demo, owner, { person });
    // It came so long ago that it cannot be separated.
    await settleAttachments(app);
    return { owner, person, identityId };
  }

  const ends: Record<string, (session: SignInBody) => Promise<unknown>> = {
    'its person has ended all sessions': (session) => endAll(session, '?all=true'),
    'its person has ended all other sessions': (session) => endAll(session),
    'an operator has revoked its person': ({ userId }) => app.accounts.revoke({ userId }),
    'its person was deactivated, and is active again': async ({ userId }) => {
      await app.accounts.setStatus(userId, 'deactivated');
      await app.accounts.setStatus(userId, 'active');
    },
  };

  describe.each(Object.entries(ends))('%s', (_, end) => {
    it('opens nothing, used or not; one that was made later does', async () => {
      const person = aPerson();
      const [used, unused] = times(2, () => app.initDataOf(demo, person));
      const session = (await signInWith(used ?? '')).body as SignInBody;
      app.clock.advance(1);
      await end(session);
      const before = await inventoryOf(app);

      expectProblem(await signInWith(unused ?? ''), 401, 'auth.proof_outdated');
      expectProblem(await signInWith(used ?? ''), 401, 'auth.proof_outdated');
      expect(await inventoryOf(app)).toEqual(before);
      expect((await signInWith(app.initDataOf(demo, person))).status).toBe(200);
    });
  });

  describe('a revocation by its bot', () => {
    const revoke = (since: Date) =>
      app.accounts.revokeLeaked({
        bot: { provider: 'telegram', environment: 'production', botId: game.botId },
        since,
      });
    const signInTo = (person: Person, initData: string) =>
      app.postSignIn({ applicationId: game.applicationId, botId: game.botId, initData });

    it('opens nothing for whom that hit, whoever signed it, and everything for others', async () => {
      const since = app.clock.now();
      const [hit, loggedOut, spared] = times(3, () => aPerson());
      if (!hit || !loggedOut || !spared) throw new Error('three');
      await signInByHash(app, game, hit);
      const { accessToken } = await signInByHash(app, game, loggedOut);
      await app.http.post('/v1/auth/logout').set('authorization', `Bearer ${accessToken}`);
      await signInPerson(app, demo, spared);
      const captured = [hit, loggedOut, spared].map((person) => app.initDataOf(demo, person));
      const forged = app.initDataOf(game, hit, { omitSignature: true });
      app.clock.advance(1);

      expect(await revoke(since)).toEqual({ endedSessions: 1 });

      expectProblem(await signInWith(captured[0] ?? ''), 401, 'auth.proof_outdated');
      expectProblem(await signInWith(captured[1] ?? ''), 401, 'auth.proof_outdated');
      expect((await signInWith(captured[2] ?? '')).status).toBe(200);
      expectProblem(await signInTo(hit, forged), 401, 'auth.proof_outdated');
      expect((await signInWith(app.initDataOf(demo, hit))).status).toBe(200);
    });
  });

  it('opens nothing where a replica whose clock is slow ends everything once more', async () => {
    const person = aPerson();
    const captured = app.initDataOf(demo, person);
    const { userId } = await app.signIn(demo, person);
    app.clock.advance(4);
    await app.accounts.revoke({ userId });
    app.clock.advance(-5);
    await app.accounts.revoke({ userId });
    app.clock.advance(5);

    expectProblem(await signInWith(captured), 401, 'auth.proof_outdated');
  });

  describe('the end of all sessions of one application', () => {
    const loginWith = (data: object) =>
      postTo(app, 'telegram/login-widget', { applicationId: demo.applicationId, data });

    /** A person whose weak session may act in this application only, with a login from before. */
    async function weakly(person = aPerson()): Promise<{ session: PersonSession; captured: object }> {
      const captured = loginOf(app, demo, person);
      app.clock.advance(1);
      const { body } = await loginWith(loginOf(app, demo, person));
      return { session: sessionOf(app, body as SignInBody, person, () => ({})), captured };
    }

    it('opens nothing either where the sign-in has waited for the end', async () => {
      const { session, captured } = await weakly();
      const hold = await app.database.hold(
        `SELECT 1 FROM sessions WHERE id = '${session.sessionId}' FOR UPDATE`,
      );
      const ending = endAll(session, '?all=true').then(({ status }) => status);
      await until(() => app.isWaitingFor('UPDATE sessions SET ended_at'));
      const entering = loginWith(captured).then((answer) => answer);
      await until(() => app.isWaitingFor('FOR NO KEY UPDATE OF u'));
      await hold.commit();

      expect(await ending).toBe(204);
      expectProblem(await entering, 401, 'auth.proof_outdated');
      app.clock.advance(1);
      expect((await signInWith(app.initDataOf(demo, session.person))).status).toBe(200);
    });

    it('opens nothing either where the identity has an account of its own since', async () => {
      const { person, identityId } = await linked();
      const { session, captured } = await weakly(person);
      expect((await endAll(session, '?all=true')).status).toBe(204);

      await new Countersign(app).json(`identity detach ${identityId}`);

      expectProblem(await loginWith(captured), 401, 'auth.proof_outdated');
    });
  });

  it('opens nothing either where its identity was detached after the end of all sessions', async () => {
    const { owner, person, identityId } = await linked();
    const captured = app.initDataOf(demo, person);
    app.clock.advance(1);
    expect((await endAll(owner, '?all=true')).status).toBe(204);

    await new Countersign(app).json(`identity detach ${identityId}`);

    expectProblem(await signInWith(captured), 401, 'auth.proof_outdated');
    expect((await signInWith(app.initDataOf(demo, person))).status).toBe(200);
  });

  it('opens nothing at any other door', async () => {
    const person = aPerson();
    const { applicationId } = demo;
    const session = await signInOpenWeb3(app, im, person);
    const openWeb3 = openWeb3InitDataOf(app, im, person);
    app.clock.advance(1);
    await endAll(session, '?all=true');
    expectProblem(
      await postTo(app, 'openweb3/init-data', { applicationId, botId: im.botId, initData: openWeb3 }),
      401,
      'auth.proof_outdated',
    );

    const known = await signInPerson(app, demo);
    const data = loginOf(app, demo, known.person);
    app.clock.advance(1);
    await endAll(known, '?all=true');
    expectProblem(
      await postTo(app, 'telegram/login-widget', { applicationId, data }),
      401,
      'auth.proof_outdated',
    );
  });

  it('opens nothing as a link with a date, by a code that is new; a link without one is exempt', async () => {
    const casino = await aRapidpaceApplication(app, { rapidpace: { undatedLinks: 'accept' } });
    const { applicationId, secret } = casino;
    const dated = aRecord(app);
    const undated = aRecord(app, { auth_date: null });
    const links = [dated, undated].map((record) => queryOf(record, secret));
    for (const link of links) {
      const { userId } = await enter(app, applicationId, link);
      app.clock.advance(1);
      await app.accounts.revoke({ userId });
    }
    app.clock.advance(1);

    const [ofDated = '', ofUndated = ''] = links;
    expectProblem(await openLink(app, applicationId, ofDated), 401, 'auth.proof_outdated');
    const code = codeOf(await openLink(app, applicationId, ofUndated));
    expect((await exchange(app, applicationId, code)).status).toBe(200);
  });

  it('counts for no act in a session that has stayed', async () => {
    const session = await signInPerson(app, demo);
    const { person } = session;
    const forStepUp = await aLoginCode(app, demo, person);
    const contact = contactOf(app, demo, person);
    app.clock.advance(1);
    await endAll(session);
    const before = await inventoryOf(app);

    for (const [path, body] of [
      ['/v1/me/step-up', forStepUp],
      ['/v1/me/contact', { contact }],
    ] as const)
      expectProblem(await session.post(path, body), 401, 'auth.proof_outdated');
    expect(await inventoryOf(app)).toEqual(before);
    expect((await session.stepUp()).status).toBe(200);
  });

  it('is refused alone, where others sign in at the same moment', async () => {
    const [outdated, ...others] = times(8, () => aPerson());
    if (!outdated) throw new Error('one');
    const session = await signInPerson(app, demo, outdated);
    const captured = app.initDataOf(demo, outdated);
    app.clock.advance(1);
    await endAll(session, '?all=true');

    const [refused, ...answers] = await Promise.all(
      [captured, ...others.map((person) => app.initDataOf(demo, person))].map((initData) =>
        signInWith(initData),
      ),
    );

    if (refused) expectProblem(refused, 401, 'auth.proof_outdated');
    expect(answers.map(({ status }) => status)).toEqual(others.map(() => 200));
  });
});

import { DAY, SECOND } from '@countersign/clock';
import { JoinsUpkeep } from '@countersign/account';
import { aPerson, type Person, type SignInBody } from '../factories';
import { linkIdentity, mergeAccounts } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import {
  isLive,
  sessionOf,
  signInByWidget,
  signInPerson,
  type PersonSession,
} from '../support/person-session';
import { aCasinoWithBot, aRecord, enter, queryOf, register } from '../support/rapidpace';
import { useApplication, useTestApp } from '../support/use-test-app';

/** What a session ends of an account that may have the identities of two people. */
describe('the sides of an account', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { loginWidget: { accept: true } } });
  const signIn = (person = aPerson()) => signInPerson(app, demo, person);
  const signInWith = (initData: string, rest: object = {}) =>
    app.postSignIn({ applicationId: demo.applicationId, initData, ...rest });

  async function separate(session: PersonSession): Promise<void> {
    const { items } = (await session.get('/v1/me/joins/separable')).body as { items: { joinId: string }[] };
    const { status, text } = await session.post('/v1/me/separations', { joinId: items[0]?.joinId });
    expect({ status, text }).toMatchObject({ status: 200 });
  }

  /** A launch of the person that another act comes after. */
  async function signInAfter(person: Person, act: () => Promise<unknown>): Promise<PersonSession> {
    const initData = app.initDataOf(demo, person);
    app.clock.advance(1);
    await act();
    const { status, body } = await signInWith(initData, { cancelErasure: true });
    expect({ status, body }).toMatchObject({ status: 200 });
    return sessionOf(app, body as SignInBody, person, () => ({}));
  }

  const joins: Record<string, (thief: PersonSession) => Promise<Person>> = {
    merged: async (thief) => {
      const victim = await signIn();
      await mergeAccounts(app, demo, thief, victim);
      return victim.person;
    },
    linked: async (thief) => {
      const person = aPerson();
      await linkIdentity(app, demo, thief, { person });
      return person;
    },
    'merged, and merged on with the one that took it': async (thief) => {
      const victim = await signIn();
      await mergeAccounts(app, demo, thief, victim);
      await mergeAccounts(app, demo, await signIn(), { person: thief.person });
      return victim.person;
    },
    'linked, and merged on with the one that took it': async (thief) => {
      const person = aPerson();
      const identityId = await linkIdentity(app, demo, thief, { person });
      // As links by wallet and OpenID Connect are: without a join that could be separated.
      await app.database.query('DELETE FROM account_joins');
      await app.database.query(
        `UPDATE identities SET attached_by = 'link', separable_until = attached_at + interval '7 days' WHERE id = $1`,
        [identityId],
      );
      await mergeAccounts(app, demo, await signIn(), { person: thief.person });
      return person;
    },
  };
  const acts: Record<string, (session: PersonSession) => PromiseLike<{ status: number }>> = {
    'all others ended': (session) => session.delete('/v1/me/sessions'),
    'all ended': (session) => session.delete('/v1/me/sessions?all=true'),
    'the erasure requested': async (session) => {
      await session.stepUp();
      return session.delete(`/v1/me?confirm=${session.userId}`);
    },
  };

  describe.each(Object.entries(joins))('%s', (_, join) => {
    it.each(Object.entries(acts))(
      'with %s by the other side, opens a session by an earlier launch, keeps it, and separates',
      async (_name, act) => {
        const thief = await signIn();
        const victim = await join(thief);
        const taking = await signIn(thief.person);
        const session = await signInAfter(victim, async () =>
          expect([200, 202, 204]).toContain((await act(taking)).status),
        );
        const again = (await signInWith(app.initDataOf(demo, thief.person), { cancelErasure: true }))
          .body as SignInBody;
        app.clock.advance(290);
        const other = sessionOf(app, again, thief.person, () => ({}));
        expect((await other.delete('/v1/me/sessions')).status).toBe(204);
        expectProblem(await other.delete(`/v1/me/sessions/${session.sessionId}`), 404, 'session.not_found');

        await separate(session);
      },
    );
  });

  it('end older sessions of each other, as before', async () => {
    const [thief, victim] = [await signIn(), await signIn()];
    await mergeAccounts(app, demo, thief, victim);
    const [one, two] = [await signIn(victim.person), await signIn(victim.person)];
    app.clock.advance(300);
    const taking = await signIn(thief.person);

    expect((await taking.delete(`/v1/me/sessions/${one.sessionId}`)).status).toBe(204);
    expect(await isLive(app, two)).toBe(true);
    expect((await taking.delete('/v1/me/sessions')).status).toBe(204);
    expect(await isLive(app, two)).toBe(false);
  });

  it('stay outdated by the own side after the other side ends all too', async () => {
    const [thief, victim] = [await signIn(), await signIn()];
    await mergeAccounts(app, demo, thief, victim);
    const captured = app.initDataOf(demo, victim.person);
    app.clock.advance(1);
    await (await signIn(victim.person)).delete('/v1/me/sessions');
    app.clock.advance(1);
    await (await signIn(thief.person)).delete('/v1/me/sessions');

    expectProblem(await signInWith(captured), 401, 'auth.proof_outdated');
    await separate(await signIn(victim.person));
    expectProblem(await signInWith(captured), 401, 'auth.proof_outdated');
  });

  it('are one again when nothing can be separated any more', async () => {
    const [thief, victim] = [await signIn(), await signIn()];
    await mergeAccounts(app, demo, thief, victim);
    app.clock.advance((7 * DAY) / SECOND);
    await app.nest.get(JoinsUpkeep).run();
    const session = await signIn(victim.person);
    const captured = app.initDataOf(demo, victim.person);
    app.clock.advance(1);
    await (await signIn(thief.person)).delete('/v1/me/sessions');

    expect(await isLive(app, session)).toBe(false);
    expectProblem(await signInWith(captured), 401, 'auth.proof_outdated');
  });

  describe('a weaker session', () => {
    it('of a vendor ends and outdates nothing stronger', async () => {
      const { casino, demo: place } = await aCasinoWithBot(app, {});
      const strong = await signInPerson(app, place);
      const record = aRecord(app, { telegram_id: strong.person.id });
      await register(app, casino, record);
      const enterAgain = async () =>
        sessionOf(
          app,
          await enter(app, place.applicationId, queryOf(record, casino.secret)),
          strong.person,
          () => ({}),
        );
      const weak = await enterAgain();
      const initData = app.initDataOf(place, strong.person);
      app.clock.advance(1);

      expect((await weak.delete('/v1/me/sessions')).status).toBe(204);
      expectProblem(await weak.delete(`/v1/me/sessions/${strong.sessionId}`), 404, 'session.not_found');
      expect(await isLive(app, strong)).toBe(true);
      expect((await app.postSignIn({ applicationId: place.applicationId, initData })).status).toBe(200);
    });

    it('by a bot’s token ends its equals, and outdates their proofs', async () => {
      const person = aPerson();
      const [strong, weak, equal] = [
        await signIn(person),
        await signInByWidget(app, demo, person),
        await signInByWidget(app, demo, person),
      ];

      expect((await weak.delete('/v1/me/sessions')).status).toBe(204);
      expect(await isLive(app, strong)).toBe(true);
      expect(await isLive(app, equal)).toBe(false);
      expect(await isLive(app, weak)).toBe(true);
    });
  });
});

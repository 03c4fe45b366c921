import { UnlinkingUpkeep } from '@countersign/account';
import { DAY } from '@countersign/clock';
import { aPerson, times } from '../factories';
import { linkIdentity, mergeAccounts } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { signInPerson, type PersonSession } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';

const HOURS_72 = 72 * 3_600;

interface IdentityBody {
  readonly identityId: string;
  readonly subject: string;
  readonly unlinksAt: string | null;
}

describe('an identity that is unlinked', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  async function identitiesOf(session: PersonSession): Promise<readonly IdentityBody[]> {
    return ((await session.get('/v1/me')).body as { identities: readonly IdentityBody[] }).identities;
  }

  /** The founding identity of an account, which another one is to keep. */
  async function aScheduled(): Promise<{ founder: PersonSession; thief: PersonSession; identityId: string }> {
    const [founder, person] = [await signInPerson(app, demo), aPerson()];
    await linkIdentity(app, demo, founder, { person });
    const thief = await signInPerson(app, demo, person);
    await thief.stepUp();
    const [own] = await identitiesOf(thief);
    const { identityId = '' } = own ?? {};
    const answer = await thief.delete(`/v1/me/identities/${identityId}`);
    const unlinksAt = new Date(app.clock.now().getTime() + HOURS_72 * 1_000).toISOString();
    expect({ status: answer.status, body: answer.body as object }).toEqual({
      status: 202,
      body: { unlinksAt },
    });
    expect(await identitiesOf(thief)).toMatchObject([{ identityId, unlinksAt }, { unlinksAt: null }]);
    return { founder, thief, identityId };
  }

  it('stays when it signs in until then, having founded the account', async () => {
    const { founder, thief, identityId } = await aScheduled();
    app.clock.advance(HOURS_72 - 1);

    expect(await signInPerson(app, demo, founder.person)).toMatchObject({ userId: founder.userId });

    app.clock.advance(2);
    expect(await app.nest.get(UnlinkingUpkeep).run()).toBe(0);
    const again = await signInPerson(app, demo, thief.person);
    expect(await identitiesOf(again)).toMatchObject([{ identityId, unlinksAt: null }, { unlinksAt: null }]);
  });

  it('is gone once the time has come, also before the job ran', async () => {
    const { founder, thief } = await aScheduled();
    app.clock.advance(HOURS_72);

    const again = await signInPerson(app, demo, thief.person);
    expect(await identitiesOf(again)).toMatchObject([{ subject: String(thief.person.id) }]);
    const left = await signInPerson(app, demo, founder.person);

    expect(left).toMatchObject({ isNewUser: true });
    expect(left.userId).not.toBe(founder.userId);
    expectProblem(await founder.get('/v1/me'), 401, 'session.ended');
  });

  it('leaves once, when many sign in with it at that moment beside the job', async () => {
    const { founder, identityId } = await aScheduled();
    app.clock.advance(HOURS_72);

    const answers = await app.withReplica((replica) =>
      Promise.all([
        app.nest.get(UnlinkingUpkeep).run(),
        ...times(6, async (index) => signInPerson(index % 2 === 0 ? app : replica, demo, founder.person)),
      ]),
    );

    const [, ...signedIn] = answers;
    const ids = new Set(signedIn.map(({ userId }) => userId));
    expect([ids.size, ids.has(founder.userId)]).toEqual([1, false]);
    const unlinked = await app.database.query(
      `SELECT count(*)::int AS count FROM audit_records WHERE action = 'identity.unlinked' AND subject = $1`,
      [identityId],
    );
    expect(unlinked).toEqual([{ count: 1 }]);
  });

  it('stays when the account takes it back, or could not be reached without it by then', async () => {
    const { thief, identityId } = await aScheduled();
    expect((await thief.delete(`/v1/me/identities/${identityId}/unlinking`)).status).toBe(204);
    expectProblem(await thief.delete(`/v1/me/identities/${identityId}/unlinking`), 404, 'identity.not_found');

    for (const { identityId: id } of await identitiesOf(thief))
      expect((await thief.delete(`/v1/me/identities/${id}`)).status).toBe(202);
    app.clock.advance(HOURS_72);
    expect(await app.nest.get(UnlinkingUpkeep).run()).toBe(1);
    // That of the other one waits as long as its person can separate the join by which it came.
    app.clock.advance((7 * DAY) / 1_000 - HOURS_72);
    expect(await app.nest.get(UnlinkingUpkeep).run()).toBe(0);
    const left = await app.database.query('SELECT unlinks_at FROM identities WHERE user_id = $1', [
      thief.userId,
    ]);
    expect(left).toEqual([{ unlinks_at: null }]);
  });

  it('stays as long as its person can separate the merge by which it came', async () => {
    const [thief, victim] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    await mergeAccounts(app, demo, thief, victim);
    await thief.stepUp();
    const mine = (await identitiesOf(thief)).find(({ subject }) => subject === String(victim.person.id));
    const answer = await thief.delete(`/v1/me/identities/${mine?.identityId ?? ''}`);

    const unlinksAt = new Date(app.clock.now().getTime() + 7 * DAY).toISOString();
    expect({ status: answer.status, body: answer.body as object }).toEqual({
      status: 202,
      body: { unlinksAt },
    });
    app.clock.advance((6 * DAY) / 1_000);
    expect(await app.nest.get(UnlinkingUpkeep).run()).toBe(0);
    const session = await signInPerson(app, demo, victim.person);
    const { body } = await session.get('/v1/me/joins/separable');
    const [join] = (body as { items: readonly { joinId: string }[] }).items;
    const separated = await session.post('/v1/me/separations', { joinId: join?.joinId });
    expect({ status: separated.status, body: separated.body as object }).toMatchObject({
      status: 200,
      body: { userId: victim.userId },
    });
  });
});

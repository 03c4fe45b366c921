import { DAY } from '@countersign/runtime';
import { aPerson, times } from '../factories';
import { linkIdentity, mergeAccounts } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { isLive, signInPerson, type PersonSession } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';

const WEEK_SECONDS = (7 * DAY) / 1_000;

interface IdentityBody {
  readonly identityId: string;
  readonly subject: string;
}

describe('an identity that is unlinked', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  async function identityOf(session: PersonSession, { id }: { readonly id: number }): Promise<string> {
    const { identities } = (await session.get('/v1/me')).body as { identities: readonly IdentityBody[] };
    return identities.find(({ subject }) => subject === String(id))?.identityId ?? '';
  }

  async function steppedUp(person: PersonSession['person']): Promise<PersonSession> {
    const session = await signInPerson(app, demo, person);
    expect((await session.stepUp()).status).toBe(200);
    return session;
  }

  /** An account with the identity that founded it, and one that came by a link. */
  async function aLinked(): Promise<{ founder: PersonSession; newcomer: PersonSession }> {
    const [founder, person] = [await signInPerson(app, demo), aPerson()];
    await linkIdentity(app, demo, founder, { person });
    return { founder, newcomer: await steppedUp(person) };
  }

  it('is not the founding one by an identity that came in the last days: it would shut its person out', async () => {
    const { founder, newcomer } = await aLinked();
    const path = `/v1/me/identities/${await identityOf(newcomer, founder.person)}`;

    expectProblem(await newcomer.delete(path), 403, 'identity.came_recently');
    expect(await signInPerson(app, demo, founder.person)).toMatchObject({ userId: founder.userId });

    app.clock.advance(WEEK_SECONDS);
    expect((await (await steppedUp(newcomer.person)).delete(path)).status).toBe(204);
  });

  it('is not replaced by one that came in the last days, in its own session neither', async () => {
    const { founder, newcomer } = await aLinked();
    await founder.stepUp();
    const path = `/v1/me/identities/${await identityOf(founder, founder.person)}`;

    for (const answer of await Promise.all(times(4, () => founder.delete(path))))
      expectProblem(answer, 403, 'identity.came_recently');
    expect(await signInPerson(app, demo, founder.person)).toMatchObject({ userId: founder.userId });

    app.clock.advance(WEEK_SECONDS);
    expect((await (await steppedUp(founder.person)).delete(path)).status).toBe(204);
    expect(await signInPerson(app, demo, newcomer.person)).toMatchObject({ userId: founder.userId });
  });

  it('leaves its account no identity that can separate at the same moment', async () => {
    const [founder, other] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    await mergeAccounts(app, demo, founder, other);
    await founder.stepUp();
    const session = await signInPerson(app, demo, other.person);
    const { body } = await session.get('/v1/me/joins/separable');
    const [merge] = (body as { items: readonly { joinId: string }[] }).items;
    const path = `/v1/me/identities/${await identityOf(founder, founder.person)}`;

    const [unlinked, separated] = await Promise.all([
      founder.delete(path),
      session.post('/v1/me/separations', { joinId: merge?.joinId }),
    ]);

    expect([403, 409]).toContain(unlinked.status);
    expect(separated.status).toBe(200);
    expect(await signInPerson(app, demo, founder.person)).toMatchObject({ userId: founder.userId });
    expect(await signInPerson(app, demo, other.person)).toMatchObject({ userId: other.userId });
  });

  it('takes itself out also on the day it came', async () => {
    const { founder, newcomer } = await aLinked();

    const own = await identityOf(newcomer, newcomer.person);
    expect((await newcomer.delete(`/v1/me/identities/${own}`)).status).toBe(204);

    expect(await isLive(app, founder)).toBe(true);
  });

  it('shuts nobody out whose account took in that of the other one', async () => {
    const [victim, thief] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    await mergeAccounts(app, demo, victim, thief);
    const session = await steppedUp(thief.person);
    const path = `/v1/me/identities/${await identityOf(session, victim.person)}`;

    const answers = await Promise.all(times(4, () => session.delete(path)));

    for (const answer of answers) expectProblem(answer, 403, 'identity.came_recently');
    expect(await signInPerson(app, demo, victim.person)).toMatchObject({ userId: victim.userId });
  });
});

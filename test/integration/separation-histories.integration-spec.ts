import fc from 'fast-check';
import { ErasureUpkeep, JoinsUpkeep, UnlinkingUpkeep } from '@countersign/account';
import { aPerson, type Person } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { signInPerson, type PersonSession } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';

/** What the thief does. For each they have a launch of the victim, with a start parameter of their choice. */
const acts = ['join', 'unlink', 'erase', 'join-on', 'erase-and-join-on'] as const;
type Act = (typeof acts)[number];

const HOUR = 3_600;

describe('a person whose launches are captured', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  let separations = 0;

  const signIn = async (person: Person): Promise<PersonSession> => {
    const { applicationId } = demo;
    const initData = app.initDataOf(demo, person);
    const first = await app.postSignIn({ applicationId, initData });
    if (first.status === 403)
      expect((await app.postSignIn({ applicationId, initData, cancelErasure: true })).status).toBe(200);
    return signInPerson(app, demo, person);
  };

  async function act(kind: Act, thief: Person, helper: Person, victim: Person): Promise<void> {
    const session = await signIn(thief);
    // Refused where it is done already.
    if (kind === 'join') await mergeAccounts(app, demo, session, { person: victim }).catch(() => undefined);
    if (kind.endsWith('join-on'))
      await mergeAccounts(app, demo, await signIn(helper), { person: thief }).catch(() => undefined);
    const own = await signIn(thief);
    await own.stepUp();
    const { identities } = (await own.get('/v1/me')).body as {
      identities: readonly { identityId: string; subject: string }[];
    };
    const theirs = identities.find(({ subject }) => subject === String(victim.id));
    if (kind === 'unlink' && theirs) await own.delete(`/v1/me/identities/${theirs.identityId}`);
    if (kind.startsWith('erase')) await own.delete(`/v1/me?confirm=${own.userId}`);
  }

  /** What a careful person does after each visit: separates what is listed. */
  async function separateAll(person: Person): Promise<string> {
    for (;;) {
      const session = await signIn(person);
      const { items } = (await session.get('/v1/me/joins/separable')).body as {
        items: readonly { joinId: string }[];
      };
      const [join] = items;
      if (!join) return session.userId;
      const { status, text } = await session.post('/v1/me/separations', { joinId: join.joinId });
      expect({ status, text }).toMatchObject({ status: 200 });
      separations += 1;
    }
  }

  async function runJobs(): Promise<void> {
    for (const job of [UnlinkingUpkeep, JoinsUpkeep, ErasureUpkeep])
      await app.nest.get<{ run(): unknown }>(job).run();
  }

  it('has the account and all of it again, when they sign in once in 72 hours', async () => {
    const step = fc.record({
      act: fc.constantFrom(...acts),
      hours: fc.integer({ min: 0, max: 71 }),
      isSeen: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (history) => {
        const [thief, helper, victim] = [aPerson(), aPerson(), aPerson()];
        const session = await signIn(victim);
        const { userId } = session;
        await session.patch('/v1/me/profile', { displayName: 'Vera' });

        for (const { act: kind, hours, isSeen } of history) {
          await act(kind, thief, helper, victim);
          if (isSeen) app.clock.advance(hours * HOUR);
          await runJobs();
          expect(await separateAll(victim)).toBe(userId);
        }
        app.clock.advance(40 * 24 * HOUR);
        await runJobs();

        const again = await signIn(victim);
        expect(again.userId).toBe(userId);
        const { body } = await again.get('/v1/me');
        const { identities, ownProfile } = body as {
          identities: readonly { subject: string }[];
          ownProfile: { displayName: string };
        };
        expect(identities.map(({ subject }) => subject)).toEqual([String(victim.id)]);
        expect(ownProfile.displayName).toBe('Vera');
        for (const person of [thief, helper]) {
          const other = await signIn(person);
          expect((await other.get('/v1/me')).text).not.toContain('Vera');
          expect(other.userId).not.toBe(userId);
        }
      }),
      { numRuns: 20 },
    );
    expect(separations).toBeGreaterThan(0);
  });
});

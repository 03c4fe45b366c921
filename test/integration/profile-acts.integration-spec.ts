import { expectProblem } from '../support/expect-problem';
import { contactOf } from '../support/proofs';
import { inventoryOf } from '../support/inventory';
import { signInByWidget, signInPerson, type PersonSession } from '../support/person-session';
import { steppedUpFor, withGrant } from '../support/relaunch';
import { useApplication, useTestApp } from '../support/use-test-app';

const PROFILE = '/v1/me/profile';
const PUBLISHED = { visibility: { biography: 'public' } };

describe('contacts and public fields of a profile', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { dataNeeds: ['name', 'phone'] } });

  const aContact = ({ person }: PersonSession) => contactOf(app, demo, person);

  async function keepAnHour(session: PersonSession): Promise<void> {
    for (let minutes = 0; minutes < 60; minutes += 10) {
      app.clock.advance(600);
      expect((await session.get('/v1/me')).status).toBe(200);
    }
  }

  /** Of a person with contacts and a hidden biography, an hour ago: what a thief of its access token has. */
  async function anOldSession(): Promise<PersonSession> {
    const session = await signInPerson(app, demo);
    const profile = { email: 'ada@example.com', phone: '+4930123456', biography: 'Hidden.' };
    const shown = { displayName: 'Ada', visibility: { displayName: 'public' } };
    expect((await session.patch(PROFILE, { ...profile, ...shown })).status).toBe(200);
    await keepAnHour(session);
    return session;
  }

  const attempts: Record<string, (thief: PersonSession) => ReturnType<PersonSession['patch']>> = {
    'another e-mail address': (thief) => thief.patch(PROFILE, { email: 'thief@example.com' }),
    'no e-mail address': (thief) => thief.patch(PROFILE, { email: null }),
    'another phone number': (thief) => thief.patch(PROFILE, { phone: '+4930999999' }),
    'no phone number': (thief) => thief.patch(PROFILE, { phone: null }),
    'a signed contact': (thief) => thief.post('/v1/me/contact', { contact: aContact(thief) }),
    'a public biography': (thief) => thief.patch(PROFILE, PUBLISHED),
    'another biography, public': (thief) => thief.patch(PROFILE, { biography: 'Thief.', ...PUBLISHED }),
    'a public e-mail address': (thief) => thief.patch(PROFILE, { visibility: { email: 'public' } }),
    'a public field without a value': (thief) =>
      thief.patch(PROFILE, { visibility: { avatarUrl: 'public' } }),
    'one such change among others': (thief) =>
      thief.patch(PROFILE, { displayName: 'Thief', ...PUBLISHED, preferences: { theme: 'dark' } }),
  };

  it.each(Object.entries(attempts))('%s is not for a stolen access token', async (_, attempt) => {
    const session = await anOldSession();
    const before = await inventoryOf(app);

    expectProblem(await attempt(session), 403, 'account.step_up_required');

    expect(await inventoryOf(app)).toEqual(before);
  });

  it.each(['of a session', 'after a step-up'])('change in the first five minutes %s', async (of) => {
    const session = of === 'of a session' ? await signInPerson(app, demo) : await anOldSession();
    if (of === 'after a step-up') expect((await session.stepUp()).status).toBe(200);
    app.clock.advance(299);
    for (const attempt of Object.values(attempts)) expect((await attempt(session)).status).toBeLessThan(300);
    app.clock.advance(1);

    const late = session.patch(PROFILE, { email: 'late@example.com' });
    expectProblem(await late, 403, 'account.step_up_required');
  });

  it.each([
    ['profile.change_contact', 'profile.publish', { email: 'new@example.com' }, PUBLISHED],
    ['profile.publish', 'profile.change_contact', PUBLISHED, { email: 'new@example.com' }],
  ])('change by a grant for %s, once, and not for %s', async (act, _, patch, other) => {
    const session = await anOldSession();
    const { grant, ...second } = await steppedUpFor(app, demo, session, act);
    // Otherwise the sign-in of the second launch is enough, for the same five minutes.
    await app.database.query("UPDATE sessions SET proof_made_at = proof_made_at - interval '1 hour'");

    expectProblem(await withGrant(second.patch(PROFILE, other), grant), 403, 'account.grant_invalid');
    expectProblem(await withGrant(session.patch(PROFILE, patch), grant), 403, 'account.grant_invalid');
    expectProblem(await second.patch(PROFILE, patch), 403, 'account.step_up_required');
    expect((await withGrant(second.patch(PROFILE, patch), grant)).status).toBe(200);
    expectProblem(
      await withGrant(second.patch(PROFILE, { ...patch, email: null }), grant),
      403,
      'account.grant_invalid',
    );
  });

  it.each([
    ['hiding a public field', { visibility: { displayName: 'private' } }],
    ['hiding all fields', { visibility: null }],
    ['showing a field to applications', { visibility: { biography: 'application' } }],
    ['another value of a public field', { displayName: 'Ada Lovelace' }],
    ['another value of a hidden field', { biography: 'Still hidden.' }],
    ['what is so already', { email: 'ada@example.com', visibility: { displayName: 'public' } }],
  ])('let a session of any age pass with %s', async (_, patch) => {
    const session = await anOldSession();

    expect((await session.patch(PROFILE, patch)).status).toBe(200);
  });

  it('do not reveal an address to a session that does not see it', async () => {
    const other = await app.createApplication();
    const set = await signInByWidget(app, demo);
    expect((await set.patch(PROFILE, { email: 'ada@example.com' })).status).toBe(200);
    const session = await signInByWidget(app, other, set.person);
    await keepAnHour(session);

    for (const email of ['ada@example.com', 'guess@example.com', null])
      expectProblem(await session.patch(PROFILE, { email }), 403, 'account.step_up_required');
  });
});

import { ErasureCompletion } from '@countersign/account';
import { generateKeyRing } from '@countersign/crypto';
import { countBy, times } from '../factories';
import { aConfidentialApplication, basicOf } from '../support/oauth';
import { expectProblem } from '../support/expect-problem';
import { signInPerson, type PersonSession } from '../support/person-session';
import { TestApp } from '../support/test-app';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';

const PROFILE = '/v1/me/profile';
const DAYS = 24 * 3_600;

/** The ring with one more index key. */
function withIndexKey(keys: string): string {
  const ring = JSON.parse(keys) as Record<string, { id: string }[]>;
  const other = generateKeyRing() as unknown as typeof ring;
  const [own, added] = [ring['index'], other['index']];
  if (!own || !added) throw new Error('a ring has index keys');
  return JSON.stringify({ ...ring, index: [...own, ...added] });
}

describe('a username', () => {
  const app = useTestApp();
  const replica = useReplica(app);
  const demo = useApplication(app);

  const take = (session: PersonSession, username: string | null) => session.patch(PROFILE, { username });

  async function holderOf(username: string): Promise<PersonSession> {
    const session = await signInPerson(app, demo);
    expect((await take(session, username)).status).toBe(200);
    return session;
  }

  it('is one person’s, when ten choose it at the same moment on two replicas', async () => {
    const people = await Promise.all(times(10, () => signInPerson(app, demo)));

    const answers = await Promise.all(
      people.map(({ accessToken }, index) =>
        (index % 2 === 0 ? app : replica).http
          .patch(PROFILE)
          .set('authorization', `Bearer ${accessToken}`)
          .send({ username: 'the_only_one' }),
      ),
    );

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 1, 409: 9 });
    for (const answer of answers.filter(({ status }) => status === 409))
      expectProblem(answer, 409, 'profile.username_taken');
    const winner = people[answers.findIndex(({ status }) => status === 200)];
    const rows = await app.database.query(
      'SELECT user_id AS "userId" FROM username_digests WHERE user_id = ANY($1::uuid[])',
      [people.map(({ userId }) => userId)],
    );
    expect(rows).toEqual([{ userId: winner?.userId }]);
    const profiles = await Promise.all(people.map((session) => session.get(PROFILE)));
    expect(countBy(profiles, ({ body }) => String((body as { username: unknown }).username))).toEqual({
      the_only_one: 1,
      null: 9,
    });
  });

  it('is not given to another person as one that looks like it', async () => {
    await holderOf('goo_gle_me');
    const session = await signInPerson(app, demo);

    expectProblem(await take(session, 'g00_gle_me'), 409, 'profile.username_taken');
  });

  it('may be changed to one that looks like it', async () => {
    const session = await holderOf('look_alike');
    expect((await take(session, 'l00k_alike')).body).toMatchObject({ username: 'l00k_alike' });
    expect((await session.get('/v1/users?username=look_alike')).status).toBe(404);
  });

  it('is refused when it is reserved', async () => {
    const session = await signInPerson(app, demo);
    for (const name of ['admin', 'Supp0rt', 'telegram_'])
      expectProblem(await take(session, name), 409, 'profile.username_reserved');
  });

  it('that was given up is free', async () => {
    const former = await holderOf('given_up');
    expect((await take(former, 'another_name')).status).toBe(200);
    const other = await signInPerson(app, demo);

    expect((await take(other, 'given_up')).status).toBe(200);
    expectProblem(await take(former, 'given_up'), 409, 'profile.username_taken');
  });

  it('of an erased person is free', async () => {
    const session = await holderOf('erased_name');
    await session.patch(PROFILE, { displayName: 'Ada', visibility: { displayName: 'public' } });
    await session.patch(PROFILE, { preferences: { theme: 'dark' } });

    await session.stepUp();
    expect((await session.delete(`/v1/me?confirm=${session.userId}`)).status).toBe(202);
    const later = new Date(app.clock.now().getTime() + 8 * DAYS * 1_000);
    expect(await app.nest.get(ErasureCompletion).complete(session.userId, later)).toBe(true);

    for (const table of ['profiles', 'public_profiles', 'profile_preferences', 'username_digests'])
      expect({
        table,
        rows: await app.database.query(`SELECT FROM ${table} WHERE user_id = $1`, [session.userId]),
      }).toEqual({ table, rows: [] });
    const other = await signInPerson(app, demo);
    expect((await take(other, 'erased_name')).status).toBe(200);
  });

  it('is asked for sixty times a minute by one person, and more often by an application', async () => {
    const session = await signInPerson(app, demo);
    const ask = (index: number) => session.get(`/v1/users?username=asked_for_${index}`);

    const answers = await Promise.all(times(61, ask));

    expect(countBy(answers, ({ status }) => status)).toEqual({ 404: 60, 429: 1 });
    const elsewhere = await signInPerson(app, await app.createApplication(), session.person);
    for (const each of [session, elsewhere])
      expect((await each.get('/v1/users?username=asked_for_1')).status).toBe(429);
    expect((await session.get(`/v1/users/${session.userId}`)).status).toBe(200);
    const client = await aConfidentialApplication(app);
    const asked = await Promise.all(
      times(61, (index) =>
        app.http.get(`/v1/users?username=asked_for_${index}`).set('authorization', basicOf(client)),
      ),
    );
    expect(countBy(asked, ({ status }) => status)).toEqual({ 404: 61 });
  });

  it('is one person’s at a replica with another index key', async () => {
    const { database, clock, telegram } = app;
    await holderOf('rotated_key');
    const later = await TestApp.start({ database, clock, telegram, keys: withIndexKey(app.keys) });
    try {
      const other = await signInPerson(later, demo);

      expectProblem(await take(other, 'r0tated_key'), 409, 'profile.username_taken');
    } finally {
      await later.close();
    }
  });
});

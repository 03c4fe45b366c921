import { randomUUID } from 'node:crypto';
import { ErasureCompletion } from '@countersign/account';
import { DAY } from '@countersign/runtime';
import { countBy, times } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { readExport } from '../support/export-schema';
import { aListing, patchListing, type ListingBody } from '../support/listings';
import { signInPerson, type PersonSession } from '../support/person-session';
import { separate } from '../support/separations';
import { useFixture } from '../support/use-fixture';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';

const FAVOURITES = '/v1/me/favourites';

describe('favourites', () => {
  const app = useTestApp({ environment: { DATABASE_POOL_SIZE: '20' } });
  const replica = useReplica(app);
  const demo = useApplication(app);
  const other = useApplication(app, { trust: 'third-party' });
  const listed = useFixture(() => Promise.all(times(4, () => aListing(app, {}))));

  const idOf = (index: number): string => listed[index]?.listingId ?? '';
  const mark = async (session: PersonSession, ...indexes: readonly number[]): Promise<void> => {
    for (const index of indexes)
      expect((await session.put(`${FAVOURITES}/${idOf(index)}`, {})).status).toBe(204);
  };
  const marked = async (session: PersonSession): Promise<number[]> => {
    const { items } = (await session.get(FAVOURITES).expect(200)).body as { items: readonly ListingBody[] };
    return items.map(({ listingId }) => listed.findIndex((one) => one.listingId === listingId));
  };
  const rowsOf = async ({ userId }: PersonSession): Promise<number> => {
    const [row] = await app.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM favourites WHERE user_id = $1',
      [userId],
    );
    return row?.count ?? 0;
  };

  it('are marked, listed page by page and removed', async () => {
    const person = await signInPerson(app, demo);
    await mark(person, 2, 0, 1, 0);

    expect(await marked(person)).toEqual([2, 1, 0].toSorted((one, two) => (idOf(one) < idOf(two) ? 1 : -1)));
    const first = (await person.get(`${FAVOURITES}?limit=2`)).body as { nextCursor: string };
    const second = await person.get(`${FAVOURITES}?limit=2&cursor=${first.nextCursor}`);
    expect(second.body).toMatchObject({ items: [expect.anything()], nextCursor: null });
    for (const again of [0, 1])
      expect({ again, status: (await person.delete(`${FAVOURITES}/${idOf(1)}`)).status }).toEqual({
        again,
        status: 204,
      });
    expect(await marked(person)).not.toContain(1);
  });

  it('are of published listings, and come back with them', async () => {
    const [person, game] = [await signInPerson(app, demo), await aListing(app)];
    const path = `${FAVOURITES}/${game.listingId}`;
    expectProblem(await person.put(path, {}), 404, 'listing.not_found');
    expectProblem(await person.put(`${FAVOURITES}/${randomUUID()}`, {}), 404, 'listing.not_found');
    expectProblem(await person.put(`${FAVOURITES}/${game.key}`, {}), 404, 'listing.not_found');
    // Not even for members of its team.
    expectProblem(await game.owner.put(path, {}), 404, 'listing.not_found');
    await patchListing(game, { state: 'published' });
    expect((await person.put(path, {})).status).toBe(204);

    await patchListing(game, { state: 'drafted' });
    expect((await person.get(FAVOURITES)).body).toMatchObject({ items: [] });
    await patchListing(game, { state: 'published' });
    expect((await person.get(FAVOURITES)).body).toMatchObject({ items: [{ key: game.key }] });
  });

  it('are seen in the application in which they were marked, and in no other', async () => {
    const person = await signInPerson(app, demo);
    await mark(person, 0);
    const elsewhere = await signInPerson(app, other, person.person);

    expect(elsewhere.userId).toBe(person.userId);
    expect(await marked(elsewhere)).toEqual([]);
    await mark(elsewhere, 1);
    expect((await elsewhere.delete(`${FAVOURITES}/${idOf(0)}`)).status).toBe(204);
    expect(await marked(person)).toEqual([0]);
    expect(await marked(elsewhere)).toEqual([1]);
  });

  it('are one of each listing and at most 500, however parallel the calls', async () => {
    const person = await signInPerson(app, demo);
    const authorized = { authorization: `Bearer ${person.accessToken}` };
    const path = `${FAVOURITES}/${idOf(0)}`;
    const answers = await Promise.all(
      times(20, (index) =>
        index % 2 === 0 ? person.put(path, {}) : replica.http.put(path).set(authorized).send({}),
      ),
    );
    expect(countBy(answers, ({ status }) => status)).toEqual({ 204: 20 });
    expect(await rowsOf(person)).toBe(1);

    await app.database.query(
      `WITH made AS (
         INSERT INTO applications (id, name, trust, settings, created_at, updated_at)
         SELECT gen_random_uuid(), 'n', 'third-party', '{}', now(), now() FROM generate_series(1, 498) RETURNING id
       ), listed AS (
         INSERT INTO listings (id, application_id, key, name, name_key, created_at, updated_at)
         SELECT gen_random_uuid(), id, 'k' || substr(replace(id::text, '-', ''), 1, 31), id, id, now(), now() FROM made RETURNING id
       )
       INSERT INTO favourites (user_id, application_id, listing_id, created_at)
       SELECT $1, $2, id, now() FROM listed`,
      [person.userId, demo.applicationId],
    );
    const last = await Promise.all([1, 2, 3].map((index) => person.put(`${FAVOURITES}/${idOf(index)}`, {})));
    expect(countBy(last, ({ status }) => status)).toEqual({ 204: 1, 409: 2 });
    expect(await rowsOf(person)).toBe(500);
    expect(last.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'listing.too_many_favourites',
    });
    // One that is there already is no further one.
    expect((await person.put(path, {})).status).toBe(204);
  });

  it('are united by a merge, exported, and divided by its separation', async () => {
    const [survivor, loser] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const createdAt = app.clock.now().toISOString();
    await mark(survivor, 0, 1);
    await mark(loser, 1, 2, 3);
    await mergeAccounts(app, demo, survivor, loser);
    const united = await marked(survivor);
    expect(united.toSorted((one, two) => one - two)).toEqual([0, 1, 2, 3]);
    await survivor.stepUp();
    const exported = readExport((await survivor.get('/v1/me/export')).text);
    expect(exported.sections['favourites']?.items).toHaveLength(4);
    expect(exported.sections['favourites']?.items[0]).toEqual({
      applicationId: demo.applicationId,
      listingId: expect.any(String) as string,
      createdAt,
    });
    // Removed since: it does not return.
    expect((await survivor.delete(`${FAVOURITES}/${idOf(3)}`)).status).toBe(204);

    await separate(app, demo, loser.person);

    const inOrder = async (person: PersonSession) => (await marked(person)).toSorted((one, two) => one - two);
    expect(await inOrder(await signInPerson(app, demo, loser.person))).toEqual([1, 2]);
    expect(await inOrder(await signInPerson(app, demo, survivor.person))).toEqual([0, 1]);
  });

  it('are erased with the account', async () => {
    const person = await signInPerson(app, demo);
    await mark(person, 0, 1);
    await person.stepUp();
    expect((await person.delete(`/v1/me?confirm=${person.userId}`)).status).toBe(202);
    const later = new Date(app.clock.now().getTime() + 8 * DAY);
    expect(await app.nest.get(ErasureCompletion).complete(person.userId, later)).toBe(true);
    expect(await rowsOf(person)).toBe(0);
  });
});

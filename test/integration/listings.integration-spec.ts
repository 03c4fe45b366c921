import { randomUUID } from 'node:crypto';
import { Database } from '@countersign/database';
import type { AppError } from '@countersign/text';
import { ListingChanges } from '@countersign/teams';
import { countBy, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { aListing, aKey, patchListing, type ListedApplication, type ListingBody } from '../support/listings';
import { aConfidentialApplication, basicOf } from '../support/oauth';
import { signInByWidget, signInPerson, type PersonSession } from '../support/person-session';
import { addMember } from '../support/teams';
import { useFixture } from '../support/use-fixture';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';

interface Items {
  readonly items: readonly ListingBody[];
  readonly nextCursor: string | null;
}

describe('listings of applications', () => {
  const app = useTestApp({ environment: { DATABASE_POOL_SIZE: '20' } });
  const replica = useReplica(app);
  const market = useFixture(() => aConfidentialApplication(app));
  const third = useApplication(app, { trust: 'third-party' });
  const visitor = useFixture(() => signInPerson(app, market));

  const page = async (query: string, session: PersonSession = visitor): Promise<Items> => {
    const answer = await session.get(`/v1/listings?${query}`);
    if (answer.status !== 200) throw new Error(`the list answered ${answer.text}`);
    return answer.body as Items;
  };
  const keysIn = async (query: string, session?: PersonSession): Promise<string[]> =>
    (await page(query, session)).items.map(({ key }) => key);
  const read = async (session: PersonSession, idOrKey: string) => session.get(`/v1/listings/${idOrKey}`);
  const member = async (listed: ListedApplication, role: 'admin' | 'editor' | 'viewer') => {
    const person = await signInPerson(app, listed.demo);
    await addMember(app, listed.teamId, person, role);
    return person;
  };
  const full = {
    description: 'A game for the night.',
    logoUrl: 'https://example.com/owl.png',
    bannerUrl: 'https://example.com/night.png',
    websiteUrl: 'https://example.com/',
    socialLinks: ['https://t.me/night_owls'],
    category: 'strategy-games',
    platforms: [
      { platform: 'telegram', url: 'https://t.me/owls_bot/play' },
      { platform: 'web', url: null },
    ],
  };

  it('are shown by id and by key once they are published', async () => {
    const listed = await aListing(app);
    const { listingId, key, name, applicationId, teamId, owner } = listed;
    for (const session of [visitor, await signInPerson(app, third)])
      for (const one of [listingId, key, listingId.toUpperCase()])
        expectProblem(await read(session, one), 404, 'listing.not_found');

    const changed = await patchListing(listed, { ...full, state: 'published' });

    const now = app.clock.now().toISOString();
    expect(changed).toEqual({
      listingId,
      applicationId,
      key,
      name,
      ...full,
      teamId,
      teamName: expect.any(String) as string,
      state: 'published',
      createdAt: now,
      updatedAt: now,
      publishedAt: now,
    });
    for (const session of [visitor, owner, await signInPerson(app, third)])
      for (const one of [listingId, key]) expect((await read(session, one)).body).toEqual(changed);
    const byClient = await app.http.get(`/v1/listings/${key}`).set('authorization', basicOf(market));
    expect(byClient.body).toEqual(changed);
    expectProblem(await app.http.get(`/v1/listings/${key}`), 401, 'session.token_missing');
  });

  it('are shown as drafts to members of their team, and to nobody else', async () => {
    const listed = await aListing(app);
    const { listingId, teamId, key, owner } = listed;
    const viewer = await member(listed, 'viewer');
    const stranger = await signInPerson(app, listed.demo);

    for (const session of [owner, viewer]) {
      expect((await read(session, key)).body).toMatchObject({ listingId, state: 'drafted' });
      expect(await keysIn(`teamId=${teamId}`, session)).toEqual([key]);
      expect(await keysIn('limit=200', session)).not.toContain(key);
    }
    for (const session of [stranger, visitor]) {
      expectProblem(await read(session, key), 404, 'listing.not_found');
      expect(await keysIn(`teamId=${teamId}`, session)).toEqual([]);
    }
  });

  it('are found by category, platform, team and the beginning of the name', async () => {
    const [word, category] = [aKey().slice(2), aKey()];
    const made = [];
    for (const [name, platform] of [
      [`Zoo ${word} b`, 'ios'],
      [`zOO ${word} a`, 'web'],
      [`Zoo ${word} c`, 'web'],
    ] as const)
      made.push(await aListing(app, { name, category, platforms: [{ platform }] }));
    const [b, a, c] = made.map(({ key }) => key);
    await aListing(app, { name: `Yak ${word}`, platforms: [{ platform: 'web' }] });

    expect(await keysIn(`name=zo0%20${word}`)).toEqual([a, b, c]);
    expect(await keysIn(`category=${category}`)).toEqual([c, a, b]);
    expect(await keysIn(`category=${category}&platform=web`)).toEqual([c, a]);
    expect(await keysIn(`category=${category}&teamId=${made[0]?.teamId ?? ''}`)).toEqual([b]);
    expect(await keysIn(`category=${category}-none`)).toEqual([]);
    for (const [query, expected] of [
      [`name=zoo%20${word}&category=${category}`, [a, b, c]],
      [`category=${category}`, [c, a, b]],
    ] as const) {
      const walked: string[] = [];
      for (let cursor = ''; ;) {
        const { items, nextCursor } = await page(`${query}&limit=1${cursor}`);
        walked.push(...items.map(({ key }) => key));
        if (nextCursor === null) break;
        cursor = `&cursor=${nextCursor}`;
      }
      expect(walked).toEqual(expected);
    }
  });

  it('tell nothing of a draft by a made-up cursor of the list by name', async () => {
    const draft = await aListing(app);
    const cursor = Buffer.from(draft.listingId).toString('base64url');
    const answer = await visitor.get(`/v1/listings?name=game&cursor=${cursor}`);
    expectProblem(answer, 400, 'request.invalid', [{ path: 'cursor', code: 'cursor' }]);
  });

  it('are written by owners and admins of their own team only', async () => {
    const [listed, other] = [await aListing(app), await aListing(app)];
    const patch = { description: 'Changed.' };
    const admin = await member(listed, 'admin');
    expect((await admin.patch(listed.path, patch)).body).toMatchObject(patch);
    for (const role of ['editor', 'viewer'] as const)
      expectProblem(await (await member(listed, role)).patch(listed.path, patch), 403, 'team.role_too_low');
    const stranger = await signInPerson(app, listed.demo);
    expectProblem(await stranger.patch(listed.path, patch), 403, 'team.not_a_member');
    expectProblem(await visitor.patch(listed.path, patch), 404, 'team.not_found');
    // The owner of another team names their own team, and the listing that is not theirs.
    const across = `/v1/teams/${other.teamId}/listings/${listed.listingId}`;
    expectProblem(await other.owner.patch(across, patch), 404, 'listing.not_found');
    expectProblem(
      await other.owner.patch(`/v1/teams/${other.teamId}/listings/x`, patch),
      404,
      'listing.not_found',
    );
    const byClient = app.http.patch(listed.path).set('authorization', basicOf(market)).send(patch);
    expectProblem(await byClient, 401, 'session.token_missing');
  });

  it('are not written by a session that is weaker than the admin can sign in', async () => {
    const listed = await aListing(app);
    const admin = await member(listed, 'admin');
    const weak = await signInByWidget(app, listed.demo, admin.person);

    expect(weak.userId).toBe(admin.userId);
    expectProblem(await weak.patch(listed.path, { state: 'published' }), 403, 'auth.assurance_too_low');
    expect((await read(weak, listed.key)).body).toMatchObject({ state: 'drafted' });
  });

  it.each<[object, string, string]>([
    [{ name: 'x' }, 'name', 'too_short'],
    [{ logoUrl: 'https://user:pass@example.com/' }, 'logoUrl', 'https_url'],
    [{ category: 'Games' }, 'category', 'matches'],
    [{ platforms: [{ platform: 'web', url: 'http://example.com' }] }, 'platforms.0.url', 'https_url'],
    [{ platforms: [{ platform: 'web' }, { platform: 'web' }] }, 'platforms.1.platform', 'duplicate'],
    [{ state: 'hidden' }, 'state', 'in'],
  ])('refuse %j', async (patch, path, code) => {
    const { owner, path: url } = shared;
    expectProblem(await owner.patch(url, patch), 400, 'request.invalid', [{ path, code }]);
  });
  const shared = useFixture(() => aListing(app));

  it('have their key for good, and lose fields that are removed', async () => {
    const listed = await aListing(app, full);
    expectProblem(await listed.owner.patch(listed.path, { key: 'other' }), 400, 'request.unknown_field');
    const removed = Object.fromEntries(
      Object.entries(full).map(([field, value]) => [field, Array.isArray(value) ? [] : null]),
    );
    expect(await patchListing(listed, removed)).toMatchObject(removed);
  });

  it('have names of which none looks like another one, drafts included', async () => {
    const [one, other] = [await aListing(app), await aListing(app)];
    const name = `Comet ${aKey()}`;
    await patchListing(one, { name });
    expectProblem(
      await other.owner.patch(other.path, { name: name.replace('Comet', 'c0rnet') }),
      409,
      'listing.name_taken',
    );
    expectProblem(
      await other.owner.patch(other.path, { name: 'Administrator' }),
      409,
      'listing.name_reserved',
    );
    expect(await patchListing(one, { name })).toMatchObject({ name });
  });

  it('are drafts that no one publishes after an operator takes their team away', async () => {
    const listed = await aListing(app, {});
    const changes = app.nest.get(ListingChanges);
    await changes.assign(listed.listingId, null);
    const again = { description: 'Published.', state: 'published' };
    expectProblem(await listed.owner.patch(listed.path, again), 404, 'listing.not_found');
    for (const session of [visitor, listed.owner])
      expectProblem(await read(session, listed.key), 404, 'listing.not_found');
    expect(await keysIn(`teamId=${listed.teamId}`)).toEqual([]);

    await changes.assign(listed.listingId, listed.teamId);

    expect((await read(listed.owner, listed.key)).body).toMatchObject({
      state: 'drafted',
      description: null,
    });
    await patchListing(listed, { state: 'published' });
    expect(await keysIn(`teamId=${listed.teamId}`)).toEqual([listed.key]);
  });

  it('stay without a team when it is deleted', async () => {
    const listed = await aListing(app, {});
    const { owner, teamId, key } = listed;
    await owner.stepUp();
    expect((await owner.delete(`/v1/teams/${teamId}`)).status).toBe(204);

    expect(await keysIn(`teamId=${teamId}`)).toEqual([]);
    expect((await read(visitor, key)).body).toMatchObject({
      state: 'published',
      teamId: null,
      teamName: null,
    });
    expectProblem(await owner.patch(listed.path, { description: 'Late.' }), 404, 'team.not_found');
  });

  it('lose no change of two that are made at once', async () => {
    const listed = await aListing(app);
    const admin = await member(listed, 'admin');
    const fields = ['description', 'category', 'logoUrl', 'bannerUrl', 'websiteUrl'] as const;
    const values = { ...full };
    const elsewhere = (session: PersonSession, patch: object) =>
      replica.http.patch(listed.path).set('authorization', `Bearer ${session.accessToken}`).send(patch);

    const answers = await Promise.all(
      fields.map((field, index) => {
        const patch = { [field]: values[field] };
        return index % 2 === 0 ? listed.owner.patch(listed.path, patch) : elsewhere(admin, patch);
      }),
    );

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: fields.length });
    expect((await read(admin, listed.key)).body).toMatchObject(
      Object.fromEntries(fields.map((field) => [field, values[field]])),
    );
  });

  it('give a name to one of several that ask for it at once', async () => {
    const made = await Promise.all(times(6, () => aListing(app)));
    const name = `Rush ${aKey()}`;

    const answers = await Promise.all(made.map(({ owner, path }) => owner.patch(path, { name })));

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 1, 409: 5 });
  });

  it('are one for each application, however parallel they are created', async () => {
    const { applicationId } = await app.createApplication();
    const changes = app.nest.get(ListingChanges);
    const create = () => changes.create({ applicationId, key: aKey(), name: aKey(), teamId: null });

    const outcomes = await Promise.all(
      times(8, async () => {
        try {
          await create();
          return 'created';
        } catch (error) {
          return (error as AppError).code;
        }
      }),
    );

    expect(countBy(outcomes, (outcome) => outcome)).toEqual({ created: 1, 'listing.application_listed': 7 });
  });

  it('have a team of their own application, in the database too', async () => {
    const [one, other] = [await aListing(app), await aListing(app)];
    const changes = app.nest.get(ListingChanges);
    await expect(changes.assign(one.listingId, other.teamId)).rejects.toMatchObject({
      code: 'team.not_found',
    });
    await expect(changes.assign(one.listingId, randomUUID())).rejects.toMatchObject({
      code: 'team.not_found',
    });
    const { applicationId } = await app.createApplication();
    const wanted = { applicationId, key: aKey(), name: aKey(), teamId: other.teamId };
    await expect(changes.create(wanted)).rejects.toMatchObject({ code: 'team.not_found' });
    await expect(
      app.nest
        .get(Database)
        .transaction((tx) =>
          tx.query('UPDATE listings SET team_id = $2 WHERE id = $1', [one.listingId, other.teamId]),
        ),
    ).rejects.toThrow('fk_listings_team');
  });
});

import { randomUUID } from 'node:crypto';
import { ownFields } from '@countersign/applications';
import { RateLimits } from '@countersign/http';
import { ProfilesService } from '@countersign/account';
import { aPerson, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { aConfidentialApplication, basicOf } from '../support/oauth';
import { NO_FIELDS, signInPerson, type PersonSession } from '../support/person-session';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const PROFILE = '/v1/me/profile';

const SET = {
  displayName: 'Ada',
  avatarUrl: 'https://example.com/ada.png',
  bannerUrl: 'https://example.com/banner.png',
  biography: 'Computes.',
  links: [{ url: 'https://example.com/ada' }],
  email: 'ada@example.com',
  phone: '+4930123456',
};

const EVERYWHERE = (visibility: string) => Object.fromEntries(ownFields.map((field) => [field, visibility]));

describe('what people show', () => {
  const app = useTestApp();
  const needy = useFixture(() =>
    aConfidentialApplication(app, { settings: { profileNeeds: [...ownFields] } }),
  );
  const modest = useFixture(() =>
    aConfidentialApplication(app, { settings: { profileNeeds: ['biography'] } }),
  );
  const stranger = useFixture(() =>
    aConfidentialApplication(app, { settings: { profileNeeds: [...ownFields] } }),
  );
  const third = useFixture(() =>
    aConfidentialApplication(app, { trust: 'third-party', settings: { profileNeeds: [...ownFields] } }),
  );

  /** A person who has used all applications but the stranger, and shows all fields alike. */
  async function aPersonShowing(visibility: string): Promise<PersonSession> {
    const person = aPerson();
    for (const demo of [modest, third]) await signInPerson(app, demo, person);
    const session = await signInPerson(app, needy, person);
    const username = `user_${randomUUID().slice(24)}`;
    const patch = { ...SET, username, visibility: EVERYWHERE(visibility) };
    expect((await session.patch(PROFILE, patch)).status).toBe(200);
    return session;
  }

  const byClient = (client: typeof needy, path: string) =>
    app.http.get(path).set('authorization', basicOf(client));

  async function shownTo(client: typeof needy, { userId }: PersonSession): Promise<object> {
    const viewer = await signInPerson(app, client);
    const [asSession, asClient] = [
      await viewer.get(`/v1/users/${userId}`),
      await byClient(client, `/v1/users/${userId}`),
    ];
    expect(asClient.body).toEqual(asSession.body);
    expect(asSession.body).toEqual({ userId, profile: expect.any(Object) as unknown });
    return (asSession.body as { profile: object }).profile;
  }

  it('shows no client a private profile', async () => {
    const session = await aPersonShowing('private');

    for (const client of [needy, modest, stranger, third])
      expect(await shownTo(client, session)).toEqual(NO_FIELDS);
    expect((await session.get(`/v1/users/${session.userId}`)).body).toEqual({
      userId: session.userId,
      profile: NO_FIELDS,
    });
  });

  it('is all of a public profile, to any session and client', async () => {
    const session = await aPersonShowing('public');

    for (const client of [needy, modest, stranger, third])
      expect(await shownTo(client, session)).toEqual({
        ...NO_FIELDS,
        ...SET,
        username: expect.stringMatching(/^user_/) as unknown,
      });
  });

  it('is shown to applications that the person has used and that need the field, and to no others', async () => {
    const session = await aPersonShowing('application');
    const { biography } = SET;

    expect(await shownTo(needy, session)).toMatchObject(SET);
    expect(await shownTo(modest, session)).toEqual({ ...NO_FIELDS, biography });
    expect(await shownTo(stranger, session)).toEqual(NO_FIELDS);
    // Contacts are for the operator's own applications.
    expect(await shownTo(third, session)).toMatchObject({ ...SET, email: null, phone: null });

    await app.changeSettings(modest.applicationId, { profileNeeds: [] });
    expect(await shownTo(modest, session)).toEqual(NO_FIELDS);
    await app.changeSettings(modest.applicationId, { profileNeeds: ['biography'] });
  });

  it('is found by exactly the username, where that is shown', async () => {
    const session = await aPersonShowing('application');
    const { username } = (await session.get(PROFILE)).body as { username: string };
    const find = (client: typeof needy) => byClient(client, `/v1/users?username=${username}`);

    expect((await find(needy)).body).toMatchObject({ userId: session.userId, profile: { username } });
    for (const client of [modest, stranger]) expectProblem(await find(client), 404, 'user.not_found');
    const upper = await byClient(needy, `/v1/users?username=${username.toUpperCase()}`);
    expect(upper.body).toMatchObject({ userId: session.userId });
    await session.patch(PROFILE, { username: null });
    expectProblem(await find(needy), 404, 'user.not_found');
  });

  it('is nothing of accounts that are unknown, deactivated, or gone, which look alike', async () => {
    const deactivated = await aPersonShowing('public');
    const { username } = (await deactivated.get(PROFILE)).body as { username: string };
    await app.accounts.setStatus(deactivated.userId, 'deactivated');
    const viewer = await signInPerson(app, needy);

    const answers = await Promise.all(
      [
        `/v1/users/${deactivated.userId}`,
        `/v1/users/${randomUUID()}`,
        '/v1/users/no-id',
        `/v1/users?username=${username}`,
        '/v1/users?username=nobody_here',
      ].map((path) => viewer.get(path)),
    );

    for (const answer of answers) expectProblem(answer, 404, 'user.not_found');
    const [first, ...others] = answers.map(({ body }) => ({ ...(body as object), requestId: '' }));
    for (const other of others) expect(other).toEqual(first);
  });

  it.each([
    [
      'a wrong secret',
      { authorization: `Basic ${Buffer.from(`${randomUUID()}:x`).toString('base64')}` },
      'client.unauthenticated',
    ],
    ['a token that is none', { authorization: 'Bearer x' }, 'session.token_invalid'],
  ])('is not for a caller who shows %s', async (_, headers, code) => {
    for (const path of [`/v1/users/${randomUUID()}`, '/v1/users?username=adalove'])
      expectProblem(await app.http.get(path).set(headers), 401, code);
  });

  it('is not for a page with a client secret', async () => {
    const answer = await byClient(needy, `/v1/users/${randomUUID()}`).set('origin', 'https://example.com');

    expectProblem(answer, 403, 'client.server_only');
  });

  it('is read 30,000 times in five minutes by the servers of an application, each counted apart', async () => {
    const [asked, other] = [await aConfidentialApplication(app), await aConfidentialApplication(app)];
    const path = `/v1/users/${randomUUID()}`;
    await byClient(asked, path);
    const limits = app.nest.get(RateLimits);
    const rule = { name: 'client-reads', limit: 30_000, window: 300 };
    for (let count = 1; count < rule.limit; count += 1) await limits.consume(rule, [asked.applicationId]);

    expectProblem(await byClient(asked, path), 429, 'request.rate_limited');
    expectProblem(await byClient(other, path), 404, 'user.not_found');
    app.clock.advance(300);
    expectProblem(await byClient(asked, path), 404, 'user.not_found');
  });

  describe('in a list', () => {
    const people = useFixture(async () => {
      const sessions: PersonSession[] = [];
      for (const index of times(8, (one) => one)) {
        const session = await signInPerson(app, needy);
        await session.patch(PROFILE, {
          displayName: `Person ${index}`,
          email: `person${index}@example.com`,
          visibility: { displayName: 'application', email: index % 2 === 0 ? 'public' : 'private' },
        });
        sessions.push(session);
      }
      return { sessions };
    });

    it('opens no more, and no key for people who show nothing', async () => {
      const profiles = app.nest.get(ProfilesService);
      const ids = times(201, () => randomUUID());
      await expect(profiles.openMany(ids, needy)).rejects.toThrow(RangeError);

      const [session] = people.sessions;
      const broken = session?.userId ?? '';
      await app.database.query(`UPDATE users SET data_key = 'v1:none:AAAA' WHERE id = $1`, [broken]);
      expect((await profiles.openMany([broken], stranger)).get(broken)?.texts).toMatchObject({
        displayName: null,
        email: 'person0@example.com',
      });
      await expect(profiles.openMany([broken], needy)).rejects.toThrow();
    });
  });
});

import { randomBytes } from 'node:crypto';
import { aPerson, type SignInBody } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { NO_FIELDS, signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { postTo } from '../support/proofs';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

const PROFILE = '/v1/me/profile';

const EMPTY = {
  ...NO_FIELDS,
  preferences: {},
  visibility: {
    displayName: 'private',
    username: 'private',
    avatarUrl: 'private',
    bannerUrl: 'private',
    biography: 'private',
    links: 'private',
    email: 'private',
    phone: 'private',
  },
};

/** Everything that a person can set; the username is each one's own. */
const aProfile = () => ({
  displayName: 'Ada Lovelace',
  username: `ada_${randomBytes(6).toString('hex')}`,
  avatarUrl: 'https://example.com/ada.png',
  bannerUrl: 'https://example.com/banner.png',
  biography: 'Computes.',
  links: [{ label: 'Blog', url: 'https://example.com/ada' }, { url: 'https://example.com/engine' }],
  email: 'ada@example.com',
  phone: '+4930123456',
});

describe('one’s own profile', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  const bodyOf = async (session: PersonSession) => (await session.get(PROFILE)).body as typeof EMPTY;

  it('is empty and private at first, and is what was set', async () => {
    const full = aProfile();
    const session = await signInPerson(app, demo);
    expect(await bodyOf(session)).toEqual(EMPTY);

    const answer = await session.patch(PROFILE, { ...full, visibility: { displayName: 'public' } });

    const visibility = { ...EMPTY.visibility, displayName: 'public' };
    expect({ status: answer.status, body: answer.body as unknown }).toEqual({
      status: 200,
      body: { ...EMPTY, ...full, visibility },
    });
    expect(await bodyOf(session)).toEqual(answer.body);
    const { ownProfile } = (await session.get('/v1/me')).body as { ownProfile: object };
    expect(ownProfile).toEqual(answer.body);
  });

  it('is changed by a merge patch: what is left out stays, null removes', async () => {
    const full = aProfile();
    const session = await signInPerson(app, demo);
    await session.patch(PROFILE, { ...full, preferences: { theme: 'dark', panes: { left: 1, right: 2 } } });

    const patch = { biography: null, preferences: { panes: { left: null }, sound: true } };
    const answer = await app.http
      .patch(PROFILE)
      .set('authorization', `Bearer ${session.accessToken}`)
      .set('content-type', 'application/merge-patch+json')
      .send(JSON.stringify(patch));

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      ...EMPTY,
      ...full,
      biography: null,
      preferences: { theme: 'dark', panes: { right: 2 }, sound: true },
    });
    await session.patch(PROFILE, { preferences: null, links: null });
    expect(await bodyOf(session)).toMatchObject({ preferences: {}, links: [] });
  });

  it('is sealed but for its public copy, and leaves the copy when it is private again', async () => {
    const full = aProfile();
    const session = await signInPerson(app, demo);
    await session.patch(PROFILE, { ...full, visibility: { displayName: 'public', email: 'application' } });

    const [row = {}] = await app.database.query<Record<string, string>>(
      'SELECT * FROM profiles WHERE user_id = $1',
      [session.userId],
    );
    const columns = Object.entries(row).filter(([name]) => !/_at$|^user_id$|^field_settings$/.test(name));
    expect(columns).toHaveLength(1);
    for (const [name, value] of columns)
      expect({ name, value }).toEqual({ name, value: expect.stringMatching(/^v1:d[a-z0-9]{7}:/) as unknown });
    const copies = () =>
      app.database.query('SELECT texts FROM public_profiles WHERE user_id = $1', [session.userId]);
    expect(await copies()).toEqual([{ texts: { displayName: full.displayName } }]);

    await session.patch(PROFILE, { visibility: { displayName: 'private', username: 'public' } });
    expect(await copies()).toEqual([{ texts: { username: full.username } }]);
    await session.patch(PROFILE, { visibility: null });
    expect(await copies()).toEqual([]);
  });

  it('has no record in the audit trail when nothing changes', async () => {
    const session = await signInPerson(app, demo);
    const patch = { displayName: 'Ada', preferences: { a: 1 } };
    for (const sent of [patch, patch, {}]) await session.patch(PROFILE, sent);

    const records = await app.database.query(
      `SELECT FROM audit_records WHERE action = 'profile.changed' AND actor = $1`,
      [`session:${session.sessionId}`],
    );
    expect(records).toHaveLength(1);
  });

  it('refuses what a rule of a field refuses, and changes nothing', async () => {
    const session = await signInPerson(app, demo);
    const patch = { biography: 'Fine.', displayName: 'Pаypal' };

    expectProblem(await session.patch(PROFILE, patch), 400, 'request.invalid', [
      { path: 'displayName', code: 'mixed_scripts' },
    ]);
    expectProblem(
      await session.patch(PROFILE, { preferences: { a: { b: { c: { d: { e: {} } } } } } }),
      400,
      'request.invalid',
      [{ path: 'preferences', code: 'max_depth' }],
    );
    expect(await bodyOf(session)).toEqual(EMPTY);
  });

  describe('is changed', () => {
    it('by no weaker session than the one that set the field, nor are its values shown to it', async () => {
      const person = aPerson();
      const strong = await signInPerson(app, demo, person);
      await strong.patch(PROFILE, { email: 'ada@example.com', preferences: { theme: 'dark' } });
      const weak = await signInByWidget(person);
      expect(weak.userId).toBe(strong.userId);

      for (const patch of [
        { email: 'eve@example.com' },
        { email: 'ada@example.com' },
        { email: null },
        { visibility: { email: 'public' } },
        { visibility: null },
        { preferences: { theme: 'light' } },
      ])
        expectProblem(await patchWith(weak, patch), 403, 'auth.assurance_too_low');
      expect((await patchWith(weak, { biography: 'By the widget.' })).body).toEqual({
        ...EMPTY,
        biography: 'By the widget.',
      });

      expect((await strong.patch(PROFILE, { biography: 'Mine.' })).body).toMatchObject({
        biography: 'Mine.',
      });
      expectProblem(await patchWith(weak, { biography: 'Again.' }), 403, 'auth.assurance_too_low');

      // A stronger session has set them by the same values, too.
      const preferences = { theme: 'light' };
      await strong.patch(PROFILE, { preferences: null });
      expect((await patchWith(weak, { preferences })).body).toMatchObject({ preferences });
      await strong.patch(PROFILE, { preferences });
      expectProblem(await patchWith(weak, { preferences: null }), 403, 'auth.assurance_too_low');
    });
  });

  it('makes the value of a stronger session private, also where a weaker one had made it public', async () => {
    const person = aPerson();
    await patchWith(await signInByWidget(person), { email: 'a@b.example', visibility: { email: 'public' } });

    const strong = await signInPerson(app, demo, person);

    const answer = await strong.patch(PROFILE, { email: 'c@d.example' });
    expect(answer.body).toMatchObject({ email: 'c@d.example', visibility: { email: 'private' } });
  });

  it('shows a session below the level of the account nothing that other applications have set', async () => {
    const person = aPerson();
    const first = await signInByWidget(person);
    await patchWith(first, {
      phone: '+4930123456',
      biography: 'Shown.',
      visibility: { biography: 'public' },
    });
    const other = await app.createApplication();
    const data = app.telegram.signLoginWidget({
      botToken: other.botToken,
      user: person,
      authDate: app.clock.now(),
    });
    const { body } = await postTo(app, 'telegram/login-widget', { applicationId: other.applicationId, data });
    const { accessToken } = body as SignInBody;

    const own = await app.http.get(PROFILE).set('authorization', `Bearer ${accessToken}`);

    expect(own.body).toMatchObject({ phone: null, biography: 'Shown.' });
  });

  it('has preferences for each application, which the others do not see', async () => {
    const person = aPerson();
    const other = await app.createApplication();
    const [here, there] = [await signInPerson(app, demo, person), await signInPerson(app, other, person)];

    await here.patch(PROFILE, { preferences: { theme: 'dark' } });
    await there.patch(PROFILE, { preferences: { theme: 'light' } });

    expect(await bodyOf(here)).toMatchObject({ preferences: { theme: 'dark' } });
    expect(await bodyOf(there)).toMatchObject({ preferences: { theme: 'light' } });
  });

  async function signInByWidget(person = aPerson()): Promise<SignInBody> {
    const { applicationId, botToken } = demo;
    const data = app.telegram.signLoginWidget({ botToken, user: person, authDate: app.clock.now() });
    const answer = await postTo(app, 'telegram/login-widget', { applicationId, data });
    expect(answer.status).toBe(200);
    return answer.body as SignInBody;
  }

  function patchWith({ accessToken }: Pick<SignInBody, 'accessToken'>, patch: object) {
    return app.http.patch(PROFILE).set('authorization', `Bearer ${accessToken}`).send(patch);
  }
});

describe('the profiles of two accounts that merge', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const im = useOpenWeb3Bot(app, demo);

  it('become the survivor’s, who keeps what they have and gets the rest', async () => {
    const survivor = await signInOpenWeb3(app, im);
    const loser = await signInOpenWeb3(app, im);
    await survivor.patch(PROFILE, { displayName: 'Ada', username: 'ada_merges' });
    await loser.patch(PROFILE, {
      displayName: 'Eve',
      username: 'eve_merges',
      phone: '+4930123456',
      preferences: { theme: 'dark' },
      visibility: { displayName: 'public', phone: 'public' },
    });

    await mergeAccounts(app, im, survivor, loser);

    expect((await survivor.get(PROFILE)).body).toMatchObject({
      displayName: 'Ada',
      username: 'ada_merges',
      phone: '+4930123456',
      preferences: { theme: 'dark' },
      visibility: { displayName: 'private', phone: 'public' },
    });
    expect(await app.database.query('SELECT texts FROM public_profiles')).toEqual([
      { texts: { phone: '+4930123456' } },
    ]);
    const other = await signInOpenWeb3(app, im);
    expectProblem(await other.patch(PROFILE, { username: 'eve_merges' }), 409, 'profile.username_taken');
    expect((await survivor.patch(PROFILE, { username: 'eve_merges' })).status).toBe(200);
    const shown = await other.get(`/v1/users/${loser.userId}`);
    expect(shown.body).toMatchObject({ userId: survivor.userId, profile: { phone: '+4930123456' } });
  });
});

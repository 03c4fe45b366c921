import { ProofFieldUpkeep } from '@countersign/account';
import { aPerson, type SignInBody } from '../factories';
import { postTo, proofsOf, type DoorName } from '../support/proofs';
import { useApplication, useTestApp } from '../support/use-test-app';

const ALL = ['name', 'username', 'photo', 'language', 'premium'];

describe('fields of proofs', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { dataNeeds: ALL } });
  const modest = useApplication(app, { settings: { dataNeeds: ['name'] } });

  const profileOf = async ({ accessToken }: SignInBody) =>
    ((await app.getMe(accessToken)).body as { profile: Record<string, unknown> }).profile;
  const retain = () => app.nest.get(ProofFieldUpkeep).run();

  async function storedBy({ userId }: SignInBody): Promise<readonly string[]> {
    const [row] = await app.database.query<{ content: string; stored_fields: readonly string[] }>(
      'SELECT content, stored_fields FROM identities WHERE user_id = $1',
      [userId],
    );
    expect(row?.content).toMatch(/^v1:d[a-z0-9]{7}:/);
    return row?.stored_fields ?? [];
  }

  it.each([
    [true, true],
    [false, false],
    [undefined, false],
  ])('say whether the person has premium, by the flag %s', async (is_premium, premium) => {
    const person = aPerson(is_premium === undefined ? {} : { is_premium });
    expect(await profileOf(await app.signIn(demo, person))).toMatchObject({ premium });
    expect(await profileOf(await app.signIn(modest, person))).not.toHaveProperty('premium');
  });

  it('follow a later proof, and are sealed', async () => {
    const person = aPerson({ is_premium: false });
    await app.signIn(demo, person);
    app.clock.advance(60);

    const session = await app.signIn(demo, { ...person, is_premium: true });

    expect(await profileOf(session)).toMatchObject({ premium: true });
    expect(await storedBy(session)).toContain('premium');
  });

  it('are not decrypted for an application that needs none', async () => {
    const person = aPerson();
    const none = await app.createApplication({ settings: { dataNeeds: [] } });
    const { userId } = await app.signIn(none, person);
    await app.database.query(`UPDATE identities SET content = 'v1:gone' WHERE user_id = $1`, [userId]);
    app.clock.advance(60);

    expect(await app.signIn(none, person)).toMatchObject({ userId, isNewUser: false });
    const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo, person) };
    expect((await app.postSignIn(body)).status).toBe(500);
    await app.database.query('DELETE FROM user_applications WHERE user_id = $1', [userId]);
  });

  it('go with the retention when the last application of the person needs them no more', async () => {
    const person = aPerson({
      is_premium: true,
      photo_url: 'https://t.me/1.svg',
      last_name: 'Byron',
      username: 'adab',
    });
    const both = await app.signIn(demo, person);
    await app.signIn(modest, person);
    const only = await app.signIn(modest, aPerson({ last_name: 'Byron' }));
    await retain();
    const all = ['firstName', 'lastName', 'username', 'photoUrl', 'languageCode', 'premium'];
    expect(await storedBy(both)).toEqual(all);

    await app.applications.changeSettings(demo.applicationId, { dataNeeds: ['language'] });
    expect(await retain()).toBeGreaterThanOrEqual(1);

    expect(await storedBy(both)).toEqual(['firstName', 'lastName', 'languageCode']);
    expect(await storedBy(only)).toEqual(['firstName', 'lastName']);
    expect(await retain()).toBe(0);

    await app.applications.changeSettings(demo.applicationId, { dataNeeds: ALL });
    app.clock.advance(60);
    await app.signIn(demo, person);
    expect(await storedBy(both)).toEqual(all);
  });

  it.each<[string, DoorName]>([
    ['an older proof', 'telegram/init-data'],
    ['an older proof that the platform did not sign', 'telegram/login-widget'],
  ])('come back with %s, once they were cleared', async (_, door) => {
    const person = aPerson({ username: 'older_proof' });
    const older = proofsOf[door](app, demo, person);
    app.clock.advance(60);
    const session = await app.signIn(demo, person);
    await app.applications.changeSettings(demo.applicationId, { dataNeeds: ['name'] });
    await retain();
    expect(await storedBy(session)).not.toContain('username');
    await app.applications.changeSettings(demo.applicationId, { dataNeeds: ALL });

    await postTo(app, door, { applicationId: demo.applicationId, ...older }).expect(200);

    expect(await storedBy(session)).toContain('username');
  });

  it('of people whose applications are not known stay', async () => {
    const session = await app.signIn(demo, aPerson({ username: 'not_known' }));
    await app.database.query('DELETE FROM user_applications WHERE user_id = $1', [session.userId]);
    await app.applications.changeSettings(demo.applicationId, { dataNeeds: [] });

    await retain();

    expect(await storedBy(session)).toContain('username');
  });

  it('are cleared of the phone number with its date', async () => {
    await app.applications.changeSettings(demo.applicationId, { dataNeeds: ['phone'] });
    const person = aPerson();
    const session = await app.signIn(demo, person);
    const contact = app.telegram.signContact({
      botToken: demo.botToken,
      userId: person.id,
      phoneNumber: '+4930123456',
      firstName: 'Ada',
      authDate: app.clock.now(),
    });
    await app.http
      .post('/v1/me/contact')
      .set('authorization', `Bearer ${session.accessToken}`)
      .send({ contact })
      .expect(204);
    await app.applications.changeSettings(demo.applicationId, { dataNeeds: [] });

    await retain();

    const rows = await app.database.query(
      'SELECT stored_fields, phone_made_at FROM identities WHERE user_id = $1',
      [session.userId],
    );
    expect(rows).toEqual([{ stored_fields: [], phone_made_at: null }]);
  });
});

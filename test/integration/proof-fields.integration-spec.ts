import { aPerson, type SignInBody } from '../factories';
import { useApplication, useTestApp } from '../support/use-test-app';

const ALL = ['name', 'username', 'photo', 'language', 'premium'];

describe('fields of proofs', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { dataNeeds: ALL } });
  const modest = useApplication(app, { settings: { dataNeeds: ['name'] } });

  const profileOf = async ({ accessToken }: SignInBody) =>
    ((await app.getMe(accessToken)).body as { profile: Record<string, unknown> }).profile;

  it.each([
    [true, true],
    [false, false],
    [undefined, false],
  ])('say whether the person has premium, by the flag %s', async (is_premium, premium) => {
    const person = aPerson(is_premium === undefined ? {} : { is_premium });
    expect(await profileOf(await app.signIn(demo, person))).toMatchObject({ premium });
    expect(await profileOf(await app.signIn(modest, person))).not.toHaveProperty('premium');
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
});

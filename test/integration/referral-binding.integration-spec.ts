import { Metrics } from '@countersign/observability';
import { aPerson, type SignInBody } from '../factories';
import { signInPerson } from '../support/person-session';
import { aReferrer, joinBy, parentsIn, postLaunch, referralIn, withReferrals } from '../support/referrals';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('the first sign-in to an application', () => {
  const app = useTestApp();
  const demo = useApplication(app, withReferrals());

  const parentOf = async ({ userId }: Pick<SignInBody, 'userId'>) => (await parentsIn(app, demo))[userId];

  it('binds by the signed start parameter, and says so once', async () => {
    const { session, code } = await aReferrer(app, demo);
    const { applicationId } = demo;
    const proof = { applicationId, initData: app.initDataOf(demo, aPerson(), { startParam: `r_${code}` }) };

    const first = await app.postSignIn(proof);
    const repeated = await app.postSignIn(proof);

    expect(referralIn(first)).toEqual({ outcome: 'bound' });
    expect(await parentOf(first.body as SignInBody)).toBe(session.userId);
    expect(repeated.status).toBe(200);
    expect(repeated.body).not.toHaveProperty('referral');
    expect(
      await app.database.query('SELECT source FROM referral_nodes WHERE user_id = $1', [
        (first.body as SignInBody).userId,
      ]),
    ).toEqual([{ source: 'start-param' }]);
  });

  it('is counted by its outcome', async () => {
    const metrics = app.nest.get(Metrics);
    const countOf = async (outcome: string) =>
      Number(
        new RegExp(`^countersign_referrals_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(
          await metrics.expose(),
        )?.[1] ?? 0,
      );
    const { code } = await aReferrer(app, demo);
    const before = [await countOf('bound'), await countOf('referral.unknown_code')];

    await postLaunch(app, demo, `r_${code}`);
    await postLaunch(app, demo, 'r_nobody');
    await postLaunch(app, demo, 'campaign');

    const after = [await countOf('bound'), await countOf('referral.unknown_code')];
    expect(after).toEqual(before.map((count) => count + 1));
  });

  it('is the only one that binds', async () => {
    const [one, another] = [await aReferrer(app, demo), await aReferrer(app, demo)];
    const bound = await joinBy(app, demo, one.code);
    const unbound = await signInPerson(app, demo);

    for (const { person } of [bound, unbound])
      for (const code of [another.code, one.code])
        expect(referralIn(await postLaunch(app, demo, `r_${code}`, person))).toEqual({
          outcome: 'ignored',
          code: 'referral.not_first_sign_in',
        });

    expect(await parentOf(bound)).toBe(one.session.userId);
    expect(await parentOf(unbound)).toBeUndefined();
  });

  it('binds in each application by itself', async () => {
    const other = await app.createApplication(withReferrals());
    const { session, code } = await aReferrer(app, demo);
    const elsewhere = await aReferrer(app, other);
    const child = await joinBy(app, other, elsewhere.code);

    const answer = await postLaunch(app, demo, `r_${code}`, child.person);

    expect(referralIn(answer)).toEqual({ outcome: 'bound' });
    expect(await parentOf(child)).toBe(session.userId);
    expect((await parentsIn(app, other))[child.userId]).toBe(elsewhere.session.userId);
  });

  it('is not bound by a code of another application', async () => {
    const { code } = await aReferrer(app, await app.createApplication(withReferrals()));

    const answer = await postLaunch(app, demo, `r_${code}`);

    expect(referralIn(answer)).toEqual({ outcome: 'ignored', code: 'referral.unknown_code' });
  });

  it('is not bound by one’s own code', async () => {
    const { session, code } = await aReferrer(app, demo);
    // As if the person had never been there.
    await app.database.query('DELETE FROM user_applications WHERE user_id = $1', [session.userId]);

    const answer = await postLaunch(app, demo, `r_${code}`, session.person);

    expect(referralIn(answer)).toEqual({ outcome: 'ignored', code: 'referral.own_code' });
    expect(await parentOf(session)).toBeNull();
  });

  it('says what is wrong where referrals are off', async () => {
    const off = await app.createApplication();
    const { code } = await aReferrer(app, demo);

    const answer = await postLaunch(app, off, `r_${code}`);

    expect(referralIn(answer)).toEqual({ outcome: 'ignored', code: 'referral.off' });
  });

  it('is that with init data per request, too', async () => {
    const settings = { ...withReferrals().settings, perRequestInitData: { accept: true } };
    await app.applications.changeSettings(demo.applicationId, settings);
    const { session, code } = await aReferrer(app, demo);
    const person = aPerson();
    const initData = app.initDataOf(demo, person, { startParam: `r_${code}` });

    const me = await app.http
      .get('/v1/me')
      .set('authorization', `tma ${initData}`)
      .set('x-countersign-application', demo.applicationId);

    expect(me.status).toBe(200);
    expect(await parentOf(me.body as SignInBody)).toBe(session.userId);
    const later = await app.postSignIn({ applicationId: demo.applicationId, initData });
    expect(referralIn(later)).toEqual({ outcome: 'ignored', code: 'referral.not_first_sign_in' });
  });
});

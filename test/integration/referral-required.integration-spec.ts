import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { signInPerson } from '../support/person-session';
import { loginOf, postTo } from '../support/proofs';
import { aRapidpaceApplication, aRecord, register } from '../support/rapidpace';
import { aReferrer, postLaunch, referralIn, withReferrals } from '../support/referrals';
import type { Demo } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

/** An application that needs codes has people from before. */
describe('an application that requires referrals', () => {
  const app = useTestApp();
  const start = useFixture(async () => {
    const demo = await app.createApplication(withReferrals());
    const referrer = await aReferrer(app, demo);
    await require(demo);
    return { demo, referrer };
  });

  async function require({ applicationId }: Demo): Promise<void> {
    await app.changeSettings(applicationId, withReferrals('required').settings);
    await app.catchUp();
  }

  it('refuses the first sign-in without a code that binds, and stores nothing of it', async () => {
    const { demo } = start;
    const foreign = await aReferrer(app, await app.createApplication(withReferrals()));
    const before = await inventoryOf(app);

    const initData = app.initDataOf(demo);
    for (const sent of [initData, initData])
      expectProblem(
        await app.postSignIn({ applicationId: demo.applicationId, initData: sent }),
        403,
        'referral.required',
      );
    for (const startParam of ['campaign', 'r_', 'r_abcdefgh2345', `r_${foreign.code}`, 'i_abcdefgh2345'])
      expectProblem(await postLaunch(app, demo, startParam), 403, 'referral.required');
    for (const extra of [{}, { referralCode: 'nobody-has-it' }, { referralCode: foreign.code }])
      expectProblem(
        await postTo(app, 'telegram/login-widget', {
          applicationId: demo.applicationId,
          data: loginOf(app, demo, aPerson()),
          ...extra,
        }),
        403,
        'referral.required',
      );

    expect(await inventoryOf(app)).toEqual(before);
  });

  it('refuses init data per request, too', async () => {
    const demo = await app.createApplication({
      settings: { ...withReferrals('required').settings, perRequestInitData: { accept: true } },
    });
    const before = await inventoryOf(app);

    const answer = await app.http
      .get('/v1/me')
      .set('authorization', `tma ${app.initDataOf(demo)}`)
      .set('x-countersign-application', demo.applicationId);

    expectProblem(answer, 403, 'referral.required');
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('lets in who has one, by the start parameter and in the body', async () => {
    const { demo, referrer } = start;

    const byLink = await postLaunch(app, demo, `r_${referrer.code}`);
    const byBody = await postTo(app, 'telegram/login-widget', {
      applicationId: demo.applicationId,
      data: loginOf(app, demo, aPerson()),
      referralCode: referrer.code,
    });

    for (const answer of [byLink, byBody]) expect(referralIn(answer)).toEqual({ outcome: 'bound' });
  });

  it('lets in who was there before, with any start parameter', async () => {
    const { demo, referrer } = start;
    const { person } = referrer.session;

    expect((await signInPerson(app, demo, person)).userId).toBe(referrer.session.userId);
    for (const startParam of ['campaign', 'r_nobody', `r_${referrer.code}`])
      expect((await postLaunch(app, demo, startParam, person)).status).toBe(200);
  });

  it('is new to a person of another application', async () => {
    const { demo, referrer } = start;
    const elsewhere = await signInPerson(app, await app.createApplication());

    expectProblem(await postLaunch(app, demo, 'campaign', elsewhere.person), 403, 'referral.required');
    const answer = await postLaunch(app, demo, `r_${referrer.code}`, elsewhere.person);
    expect(answer.body).toMatchObject({ userId: elsewhere.userId, referral: { outcome: 'bound' } });
  });

  it('asks no code of a vendor that registers a player', async () => {
    const casino = await aRapidpaceApplication(app, withReferrals('required'));

    expect((await register(app, casino, aRecord(app))).status).toBe(201);
  });
});

import { aPerson, times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { signInPerson, type PersonSession } from '../support/person-session';
import {
  aReferrer,
  codeOf,
  countsOf,
  FRACTIONS,
  joinBy,
  parentsIn,
  postLaunch,
  referralIn,
  withReferrals,
} from '../support/referrals';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('referrals', () => {
  const app = useTestApp();
  const demo = useApplication(app, withReferrals());
  const off = useApplication(app);

  const parentOf = async ({ userId }: Pick<SignInBody, 'userId'>) => (await parentsIn(app, demo))[userId];

  it('make one code, with its links', async () => {
    const { session, code } = await aReferrer(app, demo);

    expect((await session.get('/v1/me/referral-code')).body).toEqual({
      code,
      links: [
        {
          botId: demo.botId,
          startapp: `https://t.me/test_bot?startapp=r_${code}`,
          start: `https://t.me/test_bot?start=r_${code}`,
        },
      ],
    });
    expect(code).toMatch(/^[a-hjkmnp-z2-9]{12}$/);
  });

  it('are nothing where they are off', async () => {
    const session = await signInPerson(app, off);
    const { code } = await aReferrer(app, demo);

    for (const path of ['referral-code', 'referrals'])
      expectProblem(await session.get(`/v1/me/${path}`), 404, 'referral.off');
    const answer = await postLaunch(app, off, `r_${code}`);
    expect(referralIn(answer)).toEqual({ outcome: 'ignored', code: 'referral.off' });
    expect(await parentsIn(app, off)).toEqual({});
  });

  it('count ten levels, with the fraction of each', async () => {
    const chain: PersonSession[] = [await signInPerson(app, demo)];
    for (let last = chain[0]; last && chain.length < 12; last = chain.at(-1))
      chain.push(await joinBy(app, demo, await codeOf(last)));
    const [first, second] = chain;

    expect((await first?.get('/v1/me/referrals'))?.body).toEqual({
      levels: times(10, (index) => ({ level: index + 1, count: 1, fraction: FRACTIONS[index] ?? null })),
      total: 10,
    });
    if (second) expect(await countsOf(second)).toEqual(Array(10).fill(1));
  });

  it('bind by the signed start parameter, and say so once', async () => {
    const { session, code } = await aReferrer(app, demo);
    const { applicationId } = demo;
    const proof = { applicationId, initData: app.initDataOf(demo, aPerson(), { startParam: `r_${code}` }) };

    const first = await app.postSignIn(proof);
    const repeated = await app.postSignIn(proof);

    expect(referralIn(first)).toEqual({ outcome: 'bound' });
    const { userId } = first.body as SignInBody;
    expect(await parentOf({ userId })).toBe(session.userId);
    expect(repeated.status).toBe(200);
    expect(repeated.body).not.toHaveProperty('referral');
    const sources = 'SELECT source FROM referral_nodes WHERE user_id = $1';
    expect(await app.database.query(sources, [userId])).toEqual([{ source: 'start-param' }]);
  });

  it('bind at the first sign-in alone', async () => {
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

  it('bind in each application by itself, by its own codes', async () => {
    const other = await app.createApplication(withReferrals());
    const { session, code } = await aReferrer(app, demo);
    const elsewhere = await aReferrer(app, other);
    const child = await joinBy(app, other, elsewhere.code);

    const foreign = await postLaunch(app, demo, `r_${elsewhere.code}`);
    expect(referralIn(foreign)).toEqual({ outcome: 'ignored', code: 'referral.unknown_code' });
    expect(referralIn(await postLaunch(app, demo, `r_${code}`, child.person))).toEqual({ outcome: 'bound' });
    expect(await parentOf(child)).toBe(session.userId);
    expect((await parentsIn(app, other))[child.userId]).toBe(elsewhere.session.userId);
  });

  it('bind no person by their own code', async () => {
    const { session, code } = await aReferrer(app, demo);
    // As if the person had never been there.
    await app.database.query('DELETE FROM user_applications WHERE user_id = $1', [session.userId]);

    const answer = await postLaunch(app, demo, `r_${code}`, session.person);

    expect(referralIn(answer)).toEqual({ outcome: 'ignored', code: 'referral.own_code' });
    expect(await parentOf(session)).toBeNull();
  });

  it('bind by init data per request, too', async () => {
    const settings = { ...withReferrals().settings, perRequestInitData: { accept: true } };
    const own = await app.createApplication({ settings });
    const { session, code } = await aReferrer(app, own);
    const initData = app.initDataOf(own, aPerson(), { startParam: `r_${code}` });

    const me = await app.http
      .get('/v1/me')
      .set('authorization', `tma ${initData}`)
      .set('x-countersign-application', own.applicationId);

    expect(me.status).toBe(200);
    expect((await parentsIn(app, own))[(me.body as SignInBody).userId]).toBe(session.userId);
    const later = await app.postSignIn({ applicationId: own.applicationId, initData });
    expect(referralIn(later)).toEqual({ outcome: 'ignored', code: 'referral.not_first_sign_in' });
  });
});

import { aPerson, type Person, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { aCaller, anOidcApplication, Browser, codeVerifier, useOidc } from '../support/oidc';
import { loginOf, openWeb3InitDataOf, postTo } from '../support/proofs';
import { aReferrer, parentsIn, referralIn, withReferrals } from '../support/referrals';
import { useFixture } from '../support/use-fixture';
import { useOpenWeb3Bot } from '../support/use-test-app';

describe('a code in the body', () => {
  const { app, oidc } = useOidc();
  const demo = useFixture(() =>
    anOidcApplication(app, oidc, {
      settings: { loginWidget: { accept: true }, ...withReferrals().settings },
    }),
  );
  const im = useOpenWeb3Bot(app, demo);

  const widget = (person: Person, extra: object) =>
    postTo(app, 'telegram/login-widget', {
      applicationId: demo.applicationId,
      data: loginOf(app, demo, person),
      ...extra,
    });

  it('binds at the Login Widget, marked as such', async () => {
    const { session, code } = await aReferrer(app, demo);

    const answer = await widget(aPerson(), { referralCode: code });

    expect(referralIn(answer)).toEqual({ outcome: 'bound' });
    const { userId } = answer.body as SignInBody;
    expect((await parentsIn(app, demo))[userId]).toBe(session.userId);
    expect(
      await app.database.query('SELECT source FROM referral_nodes WHERE user_id = $1', [userId]),
    ).toEqual([{ source: 'body' }]);
  });

  it('binds at the exchange after Log In With Telegram', async () => {
    const { session, code: referralCode } = await aReferrer(app, demo);
    oidc.nextPerson = aCaller();
    const code = (await new Browser(app).logIn(demo)).searchParams.get('code');

    const answer = await postTo(app, 'exchange', {
      applicationId: demo.applicationId,
      code,
      codeVerifier,
      referralCode,
    });

    expect(referralIn(answer)).toEqual({ outcome: 'bound' });
    const { userId } = answer.body as SignInBody;
    expect((await parentsIn(app, demo))[userId]).toBe(session.userId);
  });

  it('is an unknown field beside proofs that carry a start parameter', async () => {
    const { code } = await aReferrer(app, demo);
    const before = await inventoryOf(app);

    const telegram = await app.postSignIn({
      applicationId: demo.applicationId,
      initData: app.initDataOf(demo),
      referralCode: code,
    });
    const openWeb3 = await postTo(app, 'openweb3/init-data', {
      applicationId: im.applicationId,
      botId: im.botId,
      initData: openWeb3InitDataOf(app, im, aPerson()),
      referralCode: code,
    });

    for (const answer of [telegram, openWeb3])
      expectProblem(answer, 400, 'request.unknown_field', [{ path: 'referralCode', code: 'unknown_field' }]);
    expect(await inventoryOf(app)).toEqual(before);
  });
});

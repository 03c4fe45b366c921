import { ErasureCompletion, Separation } from '@countersign/account';
import { ReferralDigests } from '@countersign/referrals';
import { aPerson, type Person, type SignInBody } from '../factories';
import { settleAttachments } from '../support/accounts';
import { linkWallet } from '../support/linked-wallets';
import { aLoginCode } from '../support/login-code';
import { aConfidentialApplication } from '../support/oauth';
import { sessionOf, signInPerson, type PersonSession } from '../support/person-session';
import { aReferrer, countsOf, joinBy, postLaunch, referralIn, withReferrals } from '../support/referrals';
import { anEvmWallet, SITE } from '../support/wallets';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const DAY_SECONDS = 24 * 3_600;
const AGAIN = { outcome: 'ignored', code: 'referral.not_first_sign_in' };

describe('a referral of one identity', () => {
  const app = useTestApp();
  const demo = useFixture(() => aConfidentialApplication(app, { ...withReferrals(), origins: [SITE] }));

  interface OwnIdentity {
    readonly identityId: string;
    readonly provider: string;
  }

  async function identityOf(session: PersonSession, provider: string): Promise<string> {
    const { body } = await session.get('/v1/me/identities');
    const found = (body as { items: readonly OwnIdentity[] }).items.find((one) => one.provider === provider);
    return found?.identityId ?? '';
  }

  async function linkThrowaway(session: PersonSession): Promise<void> {
    expect((await session.stepUp()).status).toBe(200);
    await linkWallet(session, anEvmWallet());
  }

  /** Ways of an identity out of its account. */
  const ways: Readonly<Record<string, (session: PersonSession) => Promise<void>>> = {
    unlink: async (session) => {
      await linkThrowaway(session);
      await settleAttachments(app);
      const gone = await session.delete(`/v1/me/identities/${await identityOf(session, 'telegram')}`);
      expect(gone.status).toBe(204);
    },
    detach: async (session) => {
      await linkThrowaway(session);
      await app.nest.get(Separation).detach(await identityOf(session, 'telegram'));
    },
    erase: async (session) => {
      expect((await session.stepUp()).status).toBe(200);
      expect((await session.delete(`/v1/me?confirm=${session.userId}`)).status).toBe(202);
      app.clock.advance(7 * DAY_SECONDS + 1);
      expect(await app.nest.get(ErasureCompletion).run()).toBe(1);
    },
  };

  /** The answer of another sign-in with the code, by a launch made after the identity left. */
  async function comeBack(person: Person, code: string): Promise<PersonSession> {
    app.clock.advance(2);
    const answer = await postLaunch(app, demo, `r_${code}`, person);
    expect({ status: answer.status, referral: referralIn(answer) }).toEqual({ status: 200, referral: AGAIN });
    return sessionOf(app, answer.body as SignInBody, person, () => aLoginCode(app, demo, person));
  }

  it.each(Object.keys(ways))('is not counted again after %s, however often', async (way) => {
    const { code } = await aReferrer(app, demo);
    const person = aPerson();
    let session = await joinBy(app, demo, code, person);
    for (const next of [way, 'erase', 'detach', 'unlink']) {
      await ways[next]?.(session);
      const back = await comeBack(person, code);
      expect(back.userId).not.toBe(session.userId);
      session = back;
    }
  });

  it('counts once above, and leaves a digest at its node and nothing else', async () => {
    const { session: referrer, code } = await aReferrer(app, demo);
    const person = aPerson();
    await ways.unlink?.(await joinBy(app, demo, code, person));
    await comeBack(person, code);

    expect(await countsOf(await signInPerson(app, demo, referrer.person))).toEqual([1]);
    const nodes = await app.database.query<{ text: string }>(
      'SELECT n::text AS text FROM referral_nodes n WHERE application_id = $1 AND digest IS NOT NULL',
      [demo.applicationId],
    );
    expect(nodes.length).toBeGreaterThan(0);
    for (const { text } of nodes) expect(text).not.toContain(String(person.id));
  });

  it('is bound again when two years are over', async () => {
    const { code } = await aReferrer(app, demo);
    const person = aPerson();
    await ways.unlink?.(await joinBy(app, demo, code, person));
    app.clock.advance(2 * 365 * DAY_SECONDS + 1);
    expect(await app.nest.get(ReferralDigests).run()).toBeGreaterThan(0);

    expect(await app.database.query('SELECT FROM referral_nodes WHERE digest IS NOT NULL')).toEqual([]);
    await joinBy(app, demo, code, person);
  });

  it('binds an identity that left an account without a referrer', async () => {
    const { code } = await aReferrer(app, demo);
    const person = aPerson();
    await ways.unlink?.(await signInPerson(app, demo, person));
    app.clock.advance(2);

    await joinBy(app, demo, code, person);
  });

  it('lets one that was counted before into an application that requires a code', async () => {
    const strict = await aConfidentialApplication(app, { ...withReferrals(), origins: [SITE] });
    const { code } = await aReferrer(app, strict);
    const person = aPerson();
    const session = await joinBy(app, strict, code, person);
    await app.changeSettings(strict.applicationId, withReferrals('required').settings);
    expect((await session.stepUp()).status).toBe(200);
    expect((await session.delete(`/v1/me?confirm=${session.userId}`)).status).toBe(202);
    app.clock.advance(7 * DAY_SECONDS + 1);
    expect(await app.nest.get(ErasureCompletion).run()).toBe(1);

    const answer = await app.postSignIn({
      applicationId: strict.applicationId,
      initData: app.initDataOf(strict, person),
    });
    expect(answer.status).toBe(200);
  });
});

import { ErasureService } from '@countersign/account';
import { aPerson, type SignInBody } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { readExport } from '../support/export-schema';
import { openWeb3Launch, sessionOf, signInOpenWeb3, type PersonSession } from '../support/person-session';
import { openWeb3InitDataOf, postTo } from '../support/proofs';
import {
  aReferrer,
  codeOf,
  countsOf,
  joinBy,
  postLaunch,
  referralIn,
  withReferrals,
} from '../support/referrals';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('referrals of an account', () => {
  const app = useTestApp();
  const demo = useApplication(app, withReferrals());
  const im = useFixture(() => app.addOpenWeb3Bot(demo));

  /** A person of OpenWeb3, by the code of another. */
  async function joinByIm(code: string): Promise<PersonSession> {
    const person = aPerson();
    const { applicationId, botId } = im;
    const initData = openWeb3InitDataOf(app, im, person, { startParam: `r_${code}` });
    const answer = await postTo(app, 'openweb3/init-data', { applicationId, botId, initData });
    expect(referralIn(answer)).toEqual({ outcome: 'bound' });
    return {
      ...sessionOf(app, answer.body as SignInBody, person, () => ({})),
      launch: openWeb3Launch(app, im, person),
    };
  }

  const merge = (survivor: PersonSession, loser: PersonSession) => mergeAccounts(app, demo, survivor, loser);

  describe.each([
    ['the referrer into the one brought', true],
    ['the one brought into the referrer', false],
  ])('merged, %s', (_, isReversed) => {
    const mergeThem = async (parent: PersonSession, child: PersonSession): Promise<PersonSession> => {
      const [survivor, loser] = isReversed ? [child, parent] : [parent, child];
      await merge(survivor, loser);
      return survivor;
    };

    it('has no circle, does not count itself, and counts everybody else once', async () => {
      const top = await aReferrer(app, demo);
      const parent = await joinByIm(top.code);
      const parentCode = await codeOf(parent);
      const child = await joinByIm(parentCode);
      const childCode = await codeOf(child);
      await joinBy(app, demo, parentCode);
      await joinBy(app, demo, childCode);

      const merged = await mergeThem(parent, child);

      // Of two paths to one person the shorter one counts.
      expect(await countsOf(merged)).toEqual([2]);
      expect(await countsOf(top.session)).toEqual([1, 1, 1]);
    });

    it('goes on bringing people by both codes', async () => {
      const parent = await signInOpenWeb3(app, im);
      const parentCode = await codeOf(parent);
      const child = await joinByIm(parentCode);
      const childCode = await codeOf(child);

      const merged = await mergeThem(parent, child);
      for (const code of [parentCode, childCode]) await joinBy(app, demo, code);

      expect(await countsOf(merged)).toEqual([2]);
      const code = merged === parent ? parentCode : childCode;
      expect(await codeOf(merged)).toBe(code);
      expect(
        await app.database.query('SELECT 1 FROM referral_nodes WHERE user_id = $1 AND id = person_id', [
          merged.userId,
        ]),
      ).toHaveLength(1);
    });
  });

  it('count once where two of the same level become one', async () => {
    const { session, code } = await aReferrer(app, demo);
    const one = await joinBy(app, demo, code);
    const another = await joinByIm(code);
    for (const parent of [one, another]) await joinBy(app, demo, await codeOf(parent));
    expect(await countsOf(session)).toEqual([2, 2]);

    await merge(one, another);

    expect(await countsOf(session)).toEqual([1, 2]);
    expect(await countsOf(one)).toEqual([2]);
  });

  it('count once for others where two of them become one', async () => {
    const { session, code } = await aReferrer(app, demo);
    const one = await joinBy(app, demo, code);
    const deeper = await joinBy(app, demo, await codeOf(one));
    const another = await joinByIm(await codeOf(deeper));
    await joinBy(app, demo, await codeOf(another));
    expect(await countsOf(session)).toEqual([1, 1, 1, 1]);

    await merge(one, another);

    expect(await countsOf(session)).toEqual([1, 1, 0, 1]);
    // Below itself: whom it brought by either place, and not itself.
    expect(await countsOf(one)).toEqual([2]);
  });

  it('erased, leave their place without them', async () => {
    const top = await aReferrer(app, demo);
    const middle = await joinBy(app, demo, top.code);
    const code = await codeOf(middle);
    await joinBy(app, demo, code);

    expect(await app.nest.get(ErasureService).eraseFor(middle.userId, 'ticket-1', true)).toMatchObject({
      erasesAt: null,
    });

    expect(await countsOf(top.session)).toEqual([1, 1]);
    expect(referralIn(await postLaunch(app, demo, `r_${code}`))).toEqual({
      outcome: 'ignored',
      code: 'referral.unknown_code',
    });
    expect(await app.database.query('SELECT 1 FROM referral_codes WHERE code = $1', [code])).toEqual([]);
  });

  it('erased, come back as another account that is not counted again', async () => {
    const [one, another] = [await aReferrer(app, demo), await aReferrer(app, demo)];
    const child = await joinBy(app, demo, one.code);
    await app.nest.get(ErasureService).eraseFor(child.userId, 'ticket-1', true);
    app.clock.advance(1);

    const again = await postLaunch(app, demo, `r_${another.code}`, child.person);

    expect((again.body as SignInBody).userId).not.toBe(child.userId);
    expect(referralIn(again)).toEqual({ outcome: 'ignored', code: 'referral.not_first_sign_in' });
    expect(await countsOf(one.session)).toEqual([1]);
    expect(await countsOf(another.session)).toEqual([]);
  });

  it('are in the export, without the others', async () => {
    const { session, code } = await aReferrer(app, demo);
    const child = await joinBy(app, demo, code);
    const childCode = await codeOf(child);
    expect((await child.stepUp()).status).toBe(200);

    const answer = await child.get('/v1/me/export');

    expect(readExport(answer.text).sections['referrals']?.items).toEqual([
      {
        applicationId: demo.applicationId,
        isReferred: true,
        source: 'start-param',
        createdAt: app.clock.now().toISOString(),
        code: childCode,
      },
    ]);
    expect(answer.text).not.toContain(session.userId);
    expect(answer.text).not.toContain(code);
  });
});

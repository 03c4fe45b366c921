import { ErasureService } from '@countersign/account';
import { aPerson, type Person, type SignInBody } from '../factories';
import { readExport } from '../support/export-schema';
import { aConfidentialApplication } from '../support/oauth';
import {
  openWeb3Launch,
  sessionOf,
  signInOpenWeb3,
  signInPerson,
  type PersonSession,
} from '../support/person-session';
import { openWeb3InitDataOf, postTo } from '../support/proofs';
import {
  aReferrer,
  codeOf,
  countsOf,
  joinBy,
  postLaunch,
  referralIn,
  referrersOf,
  withReferrals,
} from '../support/referrals';
import { join } from '../support/relaunch';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

describe('referrals of an account', () => {
  const app = useTestApp();
  const demo = useFixture(() => aConfidentialApplication(app, withReferrals()));
  const im = useFixture(() => app.addOpenWeb3Bot(demo));

  const imProof = (person: Person, startParam?: string) => ({
    applicationId: im.applicationId,
    botId: im.botId,
    initData: openWeb3InitDataOf(app, im, person, startParam === undefined ? {} : { startParam }),
  });

  /** A person of OpenWeb3, by the code of another. */
  async function joinByIm(code: string): Promise<PersonSession> {
    const person = aPerson();
    const answer = await postTo(app, 'openweb3/init-data', imProof(person, `r_${code}`));
    expect(referralIn(answer)).toEqual({ outcome: 'bound' });
    return {
      ...sessionOf(app, answer.body as SignInBody, person, () => ({})),
      launch: openWeb3Launch(app, im, person),
    };
  }

  async function merge(survivor: PersonSession, loser: PersonSession): Promise<void> {
    const answer = await join(app, demo, survivor, loser);
    expect({ status: answer.status, body: answer.body as object }).toEqual({
      status: 200,
      body: { userId: survivor.userId, mergedUserId: loser.userId },
    });
  }

  describe.each([
    [
      'the referrer into the one brought',
      (parent: PersonSession, child: PersonSession) => merge(child, parent),
    ],
    [
      'the one brought into the referrer',
      (parent: PersonSession, child: PersonSession) => merge(parent, child),
    ],
  ])('merged, %s', (_, mergeThem) => {
    it('has no circle, does not count itself, and counts everybody else once', async () => {
      const top = await aReferrer(app, demo);
      const parent = await joinByIm(top.code);
      const parentCode = await codeOf(parent);
      const child = await joinByIm(parentCode);
      const childCode = await codeOf(child);
      const ofParent = await joinBy(app, demo, parentCode);
      const ofChild = await joinBy(app, demo, childCode);

      await mergeThem(parent, child);
      const merged =
        (await parent.get('/v1/me')).status === 200 ? parent : await signInOpenWeb3(app, im, child.person);

      // Of two paths to one person the shorter one counts.
      expect(await countsOf(merged)).toEqual([2]);
      expect(await countsOf(top.session)).toEqual([1, 1, 1]);
      expect(await referrersOf(app, demo, merged.userId)).toEqual([[1, top.session.userId]]);
      expect(await referrersOf(app, demo, ofParent.userId)).toEqual([
        [1, merged.userId],
        [2, top.session.userId],
      ]);
      expect(await referrersOf(app, demo, ofChild.userId)).toEqual([
        [1, merged.userId],
        [3, top.session.userId],
      ]);
    });

    it('goes on bringing people by both codes', async () => {
      const parent = await signInOpenWeb3(app, im);
      const parentCode = await codeOf(parent);
      const child = await joinByIm(parentCode);
      const childCode = await codeOf(child);

      await mergeThem(parent, child);
      for (const code of [parentCode, childCode]) await joinBy(app, demo, code);

      const merged =
        (await parent.get('/v1/me')).status === 200 ? parent : await signInOpenWeb3(app, im, child.person);
      expect(await countsOf(merged)).toEqual([2]);
      const code = merged === parent ? parentCode : childCode;
      expect(await codeOf(merged)).toBe(code);
      // Whose only referrer is the person themselves has none.
      expect(await referrersOf(app, demo, merged.userId)).toEqual([]);
      expect(
        await app.database.query('SELECT 1 FROM referral_nodes WHERE user_id = $1 AND id = person_id', [
          merged.userId,
        ]),
      ).toHaveLength(1);
    });
  });

  it('count and are listed once where two of the same level become one', async () => {
    const { session, code } = await aReferrer(app, demo);
    const one = await joinBy(app, demo, code);
    const another = await joinByIm(code);
    const below = [
      await joinBy(app, demo, await codeOf(one)),
      await joinBy(app, demo, await codeOf(another)),
    ];
    expect(await countsOf(session)).toEqual([2, 2]);

    await merge(one, another);

    expect(await countsOf(session)).toEqual([1, 2]);
    const people = async (query: string) =>
      (await session.get(`/v1/me/referrals/people?${query}`)).body as object;
    expect(await people('level=1')).toMatchObject({ items: [{}] });
    expect(await people('level=1&limit=1')).toMatchObject({ items: [{}], nextCursor: null });
    expect(await people('level=2')).toMatchObject({ items: below.map(() => ({})) });
    expect(await countsOf(one)).toEqual([2]);
  });

  it('count once for others where two of them become one', async () => {
    const { session, code } = await aReferrer(app, demo);
    const one = await joinBy(app, demo, code);
    const deeper = await joinBy(app, demo, await codeOf(one));
    const another = await joinByIm(await codeOf(deeper));
    const below = await joinBy(app, demo, await codeOf(another));
    expect(await countsOf(session)).toEqual([1, 1, 1, 1]);

    await merge(one, another);

    expect(await countsOf(session)).toEqual([1, 1, 0, 1]);
    // Below itself: whom it brought by either place, and not itself.
    expect(await countsOf(one)).toEqual([2]);
    const people = async (level: number) =>
      ((await session.get(`/v1/me/referrals/people?level=${level}`)).body as { items: object[] }).items
        .length;
    expect([await people(1), await people(2), await people(3), await people(4)]).toEqual([1, 1, 0, 1]);
    const own = async (level: number) =>
      ((await one.get(`/v1/me/referrals/people?level=${level}`)).body as { items: object[] }).items.length;
    expect([await own(1), await own(2), await own(3)]).toEqual([2, 0, 0]);
    // The one above who is nearer gets the reward, each once.
    expect(await referrersOf(app, demo, below.userId)).toEqual([
      [1, one.userId],
      [2, deeper.userId],
      [4, session.userId],
    ]);
  });

  it('keep the first of two referrers in a merge, whichever account survives', async () => {
    for (const isReversed of [false, true]) {
      const [first, second] = [await aReferrer(app, demo), await aReferrer(app, demo)];
      const one = await joinByIm(first.code);
      const other = await joinByIm(second.code);
      const [survivor, loser] = isReversed ? [other, one] : [one, other];

      await merge(survivor, loser);

      expect(await referrersOf(app, demo, survivor.userId)).toEqual([[1, first.session.userId]]);
      expect(await referrersOf(app, demo, loser.userId)).toEqual([[1, first.session.userId]]);
      expect(await countsOf(first.session)).toEqual([1]);
      expect(await countsOf(second.session)).toEqual([1]);
    }
  });

  it('get the referrer of the other in a merge, where they came by themselves', async () => {
    const { session, code } = await aReferrer(app, demo);
    const survivor = await signInPerson(app, demo);
    const ownCode = await codeOf(survivor);

    await merge(survivor, await joinByIm(code));

    expect(await referrersOf(app, demo, survivor.userId)).toEqual([[1, session.userId]]);
    expect(await codeOf(survivor)).toBe(ownCode);
  });

  it('make no circle of accounts where a referrer gets an account that others brought', async () => {
    const top = await aReferrer(app, demo);
    const parent = await joinBy(app, demo, top.code);
    const child = await joinBy(app, demo, await codeOf(parent));
    const below = await joinByIm(await codeOf(child));

    await merge(top.session, below);

    expect(await referrersOf(app, demo, top.session.userId)).toEqual([]);
    expect(await referrersOf(app, demo, parent.userId)).toEqual([[1, top.session.userId]]);
    expect(await referrersOf(app, demo, child.userId)).toEqual([
      [1, parent.userId],
      [2, top.session.userId],
    ]);
  });

  it('make no circle of accounts in several merges, and no later referral changes who is above', async () => {
    const [one, another] = [await aReferrer(app, demo), await aReferrer(app, demo)];
    const ofAnother = await joinByIm(another.code);
    const ofOne = await joinByIm(one.code);

    await merge(one.session, ofAnother);
    await merge(another.session, ofOne);

    const expectNoCircle = async () => {
      expect(await referrersOf(app, demo, one.session.userId)).toEqual([[1, another.session.userId]]);
      expect(await referrersOf(app, demo, another.session.userId)).toEqual([]);
    };
    await expectNoCircle();
    for (const { code } of [one, another]) await joinBy(app, demo, code);
    await expectNoCircle();
  });

  it('erased, leave their place without them', async () => {
    const top = await aReferrer(app, demo);
    const middle = await joinBy(app, demo, top.code);
    const code = await codeOf(middle);
    const child = await joinBy(app, demo, code);

    expect(await app.nest.get(ErasureService).eraseFor(middle.userId, 'ticket-1', true)).toBeNull();

    expect(await countsOf(top.session)).toEqual([1, 1]);
    expect(await referrersOf(app, demo, child.userId)).toEqual([
      [1, null],
      [2, top.session.userId],
    ]);
    expect(referralIn(await postLaunch(app, demo, `r_${code}`))).toEqual({
      outcome: 'ignored',
      code: 'referral.unknown_code',
    });
    const { body } = await top.session.get('/v1/me/referrals/people?level=1');
    expect(body).toMatchObject({ items: [{ person: null }] });
    expect(await app.database.query('SELECT 1 FROM referral_codes WHERE code = $1', [code])).toEqual([]);
  });

  it('merged and then erased, count as one person as before', async () => {
    const { session, code } = await aReferrer(app, demo);
    const [one, other] = [await joinBy(app, demo, code), await joinByIm(code)];
    await merge(one, other);

    await app.nest.get(ErasureService).eraseFor(one.userId, 'ticket-1', true);

    expect(await countsOf(session)).toEqual([1]);
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

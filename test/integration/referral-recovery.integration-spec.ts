import { aPerson } from '../factories';
import { signInPerson } from '../support/person-session';
import { loginOf, postTo } from '../support/proofs';
import { aReferrer, codeOf, countsOf, joinBy, referralIn, withReferrals } from '../support/referrals';
import { useCountersign } from '../support/run-countersign';
import { useTestApp } from '../support/use-test-app';

interface Bound {
  readonly referralId: string;
  readonly userId: string;
  readonly referrerId: string;
  readonly isRemoved: boolean;
}

describe('referrals by forged sign-ins', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);

  it('are listed by the bot whose token leaked, and removed with what is below them', async () => {
    const game = await app.createApplication({
      settings: { ...withReferrals().settings, loginWidget: { accept: true } },
    });
    const { session: thief, code } = await aReferrer(app, game);
    const since = app.clock.now().toISOString();
    const before = await countsOf(thief);
    await joinBy(app, game, code);
    const withGenuine = await countsOf(thief);
    // The holder of the token makes up people, or signs for those who never came.
    const person = aPerson();
    const forged = await postTo(app, 'telegram/login-widget', {
      applicationId: game.applicationId,
      data: loginOf(app, game, person),
      referralCode: code,
    });
    expect(referralIn(forged)).toEqual({ outcome: 'bound' });
    const { userId } = forged.body as { userId: string };
    const later = await signInPerson(app, game, person);
    expect(later.userId).toBe(userId);
    await joinBy(app, game, await codeOf(later));
    expect(await countsOf(thief)).not.toEqual(withGenuine);
    const list = `referral list-bound --bot ${game.botId} --since ${since}`;

    const [found, ...others] = await countersign.lines<Bound>(list);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ userId, referrerId: thief.userId, isRemoved: false });
    const removal = `referral remove ${found?.referralId ?? ''}`;
    const removed = { removed: [found?.referralId] };
    expect([await countersign.json(removal), await countersign.json(removal)]).toEqual([removed, removed]);

    expect(withGenuine).not.toEqual(before);
    expect(await countsOf(thief)).toEqual(withGenuine);
    // Whom the person brought stays theirs.
    expect(await countsOf(later)).toEqual(withGenuine);
    expect(await countersign.lines<Bound>(list)).toMatchObject([{ isRemoved: true }]);
    expect(
      (
        await postTo(app, 'telegram/login-widget', {
          applicationId: game.applicationId,
          data: loginOf(app, game, person),
          referralCode: code,
        })
      ).body,
    ).toMatchObject({ referral: { outcome: 'ignored' } });
  });

  it.each([
    ['referral list-bound --since 2026-01-01T00:00:00Z', '--bot'],
    ['referral list-bound --bot 1', '--since'],
    ['referral remove x', 'referralId'],
    ['referral remove 999999999999999999', 'referral.not_found'],
  ])('are refused: %s', async (words, sentence) => {
    expect(await countersign.failure(words)).toContain(sentence);
  });
});

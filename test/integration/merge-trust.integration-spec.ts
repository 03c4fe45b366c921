import { DAY } from '@countersign/clock';
import { aPerson } from '../factories';
import { linkIdentity, mergeAccounts } from '../support/accounts';
import { signInPerson } from '../support/person-session';
import { acceptance } from '../support/relaunch';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('the account that is left of a merge', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('trusts no identity more than the account did that had it', async () => {
    const [survivor, loser] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const identityId = await linkIdentity(app, demo, loser, { person: aPerson() });
    await app.database.query(`UPDATE identities SET cap = 'bot-token' WHERE id = $1`, [identityId]);

    await mergeAccounts(app, demo, survivor, loser);

    const moved = await app.database.query<{ id: string; cap: string }>(
      'SELECT id, cap FROM identities WHERE user_id = $1 AND attached_at IS NOT NULL',
      [survivor.userId],
    );
    expect(moved).toHaveLength(2);
    expect(Object.fromEntries(moved.map(({ id, cap }) => [id === identityId, cap]))).toEqual({
      true: 'bot-token',
      false: 'platform',
    });
  });

  it.each(['survivor', 'loser'] as const)(
    'takes no proof from before that the %s takes none of',
    async (side) => {
      const sides = { survivor: await signInPerson(app, demo), loser: await signInPerson(app, demo) };
      const accept = await acceptance(app, demo, sides.survivor, sides.loser);
      const late = new Date(app.clock.now().getTime() - DAY);
      for (const [name, { userId }] of Object.entries(sides)) {
        const at = name === side ? late : new Date(late.getTime() - DAY);
        await app.database.query(
          'UPDATE users SET auth_not_before = $2, applications_not_before = $2 WHERE id = $1',
          [userId, at],
        );
        await app.database.query('UPDATE user_applications SET not_before = $2 WHERE user_id = $1', [
          userId,
          at,
        ]);
      }

      expect((await accept()).status).toBe(200);

      const kept = await app.database.query(
        `SELECT auth_not_before, applications_not_before, not_before
       FROM users JOIN user_applications ON user_id = id WHERE id = $1`,
        [sides.survivor.userId],
      );
      expect(kept).toEqual([{ auth_not_before: late, applications_not_before: late, not_before: late }]);
    },
  );
});

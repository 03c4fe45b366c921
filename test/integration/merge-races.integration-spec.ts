import { SessionUpkeep } from '@countersign/sessions';
import { countBy, times } from '../factories';
import { signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { openWeb3InitDataOf } from '../support/proofs';
import { until } from '../support/until';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

describe('a merge among other work', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const im = useOpenWeb3Bot(app, demo);

  // Whose only identity is of OpenWeb3 can reach no other level.
  beforeAll(() => app.lowerAccountLevel());

  const proofOf = ({ person }: PersonSession) => ({ initData: openWeb3InitDataOf(app, im, person) });

  async function aTaker(): Promise<PersonSession> {
    const taker = await signInPerson(app, demo);
    expect((await taker.stepUp()).status).toBe(200);
    return taker;
  }

  it('of one account by twelve others on two replicas: all are answered, and one has it in the end', async () => {
    const loser = await signInPerson(app, demo);
    const takers = await Promise.all(times(12, () => aTaker()));

    const answers = await app.withReplica((replica) =>
      Promise.all(
        takers.map(({ accessToken }, index) =>
          (index % 2 === 0 ? app : replica).http
            .post('/v1/me/merges')
            .set('authorization', `Bearer ${accessToken}`)
            .send({ initData: app.initDataOf(demo, loser.person) }),
        ),
      ),
    );

    // Whoever takes an account takes what it took before: those that were emptied are told that they are over.
    const counts = countBy(answers, ({ status }) => status);
    expect(Object.keys(counts).filter((status) => status !== '200' && status !== '401')).toEqual([]);
    expect(counts[200]).toBeGreaterThan(0);
    const { userId } = await signInPerson(app, demo, loser.person);
    const ids = takers.map((taker) => taker.userId);
    expect(ids).toContain(userId);
    expect(
      await app.database.query('SELECT user_id AS owner FROM user_aliases WHERE id = $1', [loser.userId]),
    ).toEqual([{ owner: userId }]);
    const [left] = await app.database.query(
      `SELECT (SELECT count(*)::int FROM users WHERE id = ANY($1::uuid[])) AS users,
              (SELECT count(*)::int FROM user_aliases WHERE id = ANY($1::uuid[])) AS aliases,
              (SELECT count(*)::int FROM identities WHERE user_id = ANY($1::uuid[])) AS identities`,
      [[...ids, loser.userId]],
    );
    const merged = counts[200] ?? 0;
    expect(left).toEqual({ users: 13 - merged, aliases: merged, identities: 13 });
  });

  it('loses no session that the upkeep deletes meanwhile', async () => {
    const old = await signInPerson(app, demo);
    await app.accounts.revoke({ sessionId: old.sessionId });
    app.clock.advance(31 * 24 * 3_600);
    const survivor = await signInPerson(app, demo, old.person);
    await survivor.stepUp();
    const loser = await signInOpenWeb3(app, im);
    // The sessions have been counted once, and not yet again, when the merge comes to this table.
    const hold = await app.database.hold('LOCK TABLE user_aliases IN SHARE MODE');
    const merging = survivor.post('/v1/me/merges', proofOf(loser)).then(({ status }) => status);
    await until(() => app.isWaitingFor('UPDATE user_aliases'));
    let isSwept = false;
    const sweeping = app.nest
      .get(SessionUpkeep)
      .run()
      .then(() => (isSwept = true));
    await until(async () => isSwept || (await app.isWaitingFor('DELETE FROM sessions')));
    await hold.commit();

    expect(await merging).toBe(200);
    await sweeping;
    const isThere = await app.database.query('SELECT 1 FROM sessions WHERE id = $1', [old.sessionId]);
    expect(isThere).toEqual([]);
  });
});

import { SessionUpkeep } from '@countersign/sessions';
import { countBy, times } from '../factories';
import { aSteppedUp, walletSession } from '../support/linked-wallets';
import { signInOpenWeb3, signInPerson } from '../support/person-session';
import { acceptance } from '../support/relaunch';
import { until } from '../support/until';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE, walletProof } from '../support/wallets';

describe('a merge among other work', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { origins: [SITE], wallets: { createsAccounts: true } } });
  const im = useOpenWeb3Bot(app, demo);

  it('of one account by twelve others on two replicas: all are answered, and one has it in the end', async () => {
    const wallet = anEvmWallet();
    const loser = await walletSession(app, demo, wallet);
    const takers = await Promise.all(times(12, () => aSteppedUp(app, demo)));
    const proofs = await Promise.all(takers.map((taker) => walletProof(taker, wallet, 'merge')));

    const answers = await app.withReplica((replica) =>
      Promise.all(
        takers.map(({ accessToken }, index) =>
          (index % 2 === 0 ? app : replica).http
            .post('/v1/me/merges')
            .set('authorization', `Bearer ${accessToken}`)
            .send(proofs[index]),
        ),
      ),
    );

    // Whoever takes an account takes what it took before: those that were emptied are told that they are over.
    const counts = countBy(answers, ({ status }) => status);
    expect(Object.keys(counts).filter((status) => status !== '200' && status !== '401')).toEqual([]);
    expect(counts[200]).toBeGreaterThan(0);
    const { userId } = await walletSession(app, demo, wallet);
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
    const accept = await acceptance(app, demo, survivor, await signInOpenWeb3(app, im));
    // The sessions have been counted once, and not yet again, when the merge comes to this table.
    const hold = await app.database.hold('LOCK TABLE user_aliases IN SHARE MODE');
    const merging = accept().then(({ status }) => status);
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

import { DAY } from '@countersign/clock';
import { RecoveryUpkeep } from '@countersign/embedded-wallets';
import { aPerson } from '../factories';
import { linkIdentity, mergeAccounts } from '../support/accounts';
import { aWalletApplication, environmentOf, tokenForExport, useCustody } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { walletsOf } from '../support/linked-wallets';
import { signInByWidget, signInPerson, type PersonSession } from '../support/person-session';
import { steppedUpFor, withGrant } from '../support/relaunch';
import { useCountersign } from '../support/run-countersign';
import { separate } from '../support/separations';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import {
  acceptRecovery,
  aLostWallet,
  anOpenRecovery,
  RECOVERIES,
  recoveriesOf,
  recoverWith,
} from '../support/wallet-recoveries';

const HOURS_72 = 72 * 3_600;

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const game = useFixture(() => aWalletApplication(app));
const countersign = useCountersign(app);

describe('a recovery by an identity that was just attached', () => {
  it('leaves no wallet with an account that a separation takes the identity from', async () => {
    const lost = await aLostWallet(app, { demo: game });
    const { person } = lost.asker;
    const thief = await signInPerson(app, game);
    app.clock.advance(1);
    await mergeAccounts(app, game, thief, lost.asker);

    const victim = await signInPerson(app, game, person);
    expect(victim.userId).toBe(thief.userId);
    expectProblem(await recoverWith(app, lost, victim), 409, 'wallet.came_by_merge');

    await separate(app, game, person);
    const separated = await signInPerson(app, game, person);
    expectProblem(await recoverWith(app, lost, separated), 409, 'wallet.recovery_pending');
    const [asked] = await recoveriesOf(separated);
    await acceptRecovery(app, { ...lost, recoveryId: asked?.recoveryId ?? '' });
    expect((await recoverWith(app, lost, separated)).status).toBe(200);
    expect(await walletsOf(await signInPerson(app, game, thief.person))).toEqual([]);
  });

  it('brings no wallet of another person, who has its words, into the account', async () => {
    const bait = await aLostWallet(app, { demo: game });
    const victim = await signInPerson(app, game);
    const mole = aPerson();
    await linkIdentity(app, game, victim, { person: mole });

    const inside = await signInPerson(app, game, mole);
    expectProblem(await recoverWith(app, bait, inside), 409, 'wallet.came_by_merge');
    expect(await walletsOf(inside)).toEqual([]);
  });
});

describe('a recovery', () => {
  it('brings no wallet into an account that is about to be erased, which would not name it', async () => {
    const shop = await aWalletApplication(app);
    const lost = await anOpenRecovery(app, { demo: game });
    await acceptRecovery(app, lost);
    const inShop = await signInPerson(app, shop, lost.asker.person);
    const stepped = await steppedUpFor(app, shop, inShop, 'wallet.recover');
    const weak = await signInByWidget(app, game, lost.asker.person);
    expect((await weak.delete(`/v1/me?confirm=${weak.userId}`)).status).toBe(202);

    const refused = await withGrant(stepped.post(RECOVERIES, { secret: lost.secret }), stepped.grant);

    expectProblem(refused, 403, 'user.erasure_pending');
    expect(await walletsOf(lost.old.session)).toHaveLength(1);
  });

  it('asks the account that erases the wallet, though the one that had it has the words', async () => {
    const lost = await anOpenRecovery(app, { demo: game });
    const { walletId } = lost.old.wallet;
    const words = async (session: PersonSession): Promise<PersonSession> => {
      const { stepped, walletToken } = await tokenForExport(app, game, session, { walletId });
      expect((await stepped.post(`/v1/wallets/${walletId}/export`, { walletToken })).status).toBe(200);
      return stepped;
    };
    await words(lost.old.session);
    await acceptRecovery(app, lost);
    expect((await recoverWith(app, lost, lost.asker)).status).toBe(200);

    const erase = `/v1/me?confirm=${lost.asker.userId}`;
    expectProblem(await lost.asker.delete(erase), 409, 'account.wallets_not_exported');
    app.clock.advance(1);
    expect((await (await words(lost.asker)).delete(erase)).status).toBe(202);
  });

  it('waits for 72 hours anew after its account was deactivated and could not refuse', async () => {
    const lost = await anOpenRecovery(app, { demo: game });
    await countersign.json(`user set ${lost.old.session.userId} --status deactivated`);
    app.clock.advance(HOURS_72 + 1);
    await app.nest.get(RecoveryUpkeep).run();
    await countersign.json(`user set ${lost.old.session.userId} --status active`);
    const asker = await signInPerson(app, game, lost.asker.person);

    const again = await recoverWith(app, lost, asker);

    expectProblem(again, 409, 'wallet.recovery_pending');
    expect(again.headers['retry-after']).toBe(String(HOURS_72));
  });

  it('leaves the turn to another account after the one that asked was deactivated', async () => {
    const lost = await anOpenRecovery(app, { demo: game });
    const other = await signInPerson(app, game);
    expectProblem(await recoverWith(app, lost, other), 409, 'wallet.recovery_by_another');
    await countersign.json(`user set ${lost.asker.userId} --status deactivated`);
    await app.nest.get(RecoveryUpkeep).run();

    expectProblem(await recoverWith(app, lost, other), 409, 'wallet.recovery_pending');
  });

  it('goes on for 30 days after its 72 hours and no longer, so that it takes nothing that is made later', async () => {
    const lost = await anOpenRecovery(app, { demo: game });
    const upkeep = app.nest.get(RecoveryUpkeep);
    app.clock.advance(HOURS_72 + (30 * DAY) / 1_000 - 1);
    await upkeep.run();
    const owner = await signInPerson(app, game, lost.old.session.person);
    expect(await recoveriesOf(owner)).toMatchObject([{ state: 'waiting' }]);
    app.clock.advance(1);
    await upkeep.run();

    expect(await recoveriesOf(owner)).toEqual([]);
    const asker = await signInPerson(app, game, lost.asker.person);
    expectProblem(await recoverWith(app, lost, asker), 409, 'wallet.recovery_pending');
    expect(await walletsOf(asker)).toEqual([]);
  });
});

describe('a session of the test environment', () => {
  it('recovers no wallets of the other one', async () => {
    const lost = await aLostWallet(app, { demo: game });
    await app.database.query(`UPDATE identities SET environment = 'test' WHERE user_id = $1`, [
      lost.asker.userId,
    ]);

    expectProblem(await recoverWith(app, lost, lost.asker), 403, 'wallet.recovery_from_test');
  });
});

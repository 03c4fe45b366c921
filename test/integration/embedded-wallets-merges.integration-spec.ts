import { times } from '../factories';
import { mergeAccounts } from '../support/accounts';
import {
  askForToken,
  aWalletApplication,
  anEmbeddedWallet,
  embed,
  environmentOf,
  signWith,
  tokenFor,
  useCustody,
} from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { aSteppedUp, walletSession, walletsOf } from '../support/linked-wallets';
import { signInPerson } from '../support/person-session';
import { acceptance, join } from '../support/relaunch';
import { separate } from '../support/separations';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE, walletProof } from '../support/wallets';

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const replica = useReplica(app);
const game = useFixture(() =>
  aWalletApplication(app, {}, { origins: [SITE], more: { wallets: { createsAccounts: true } } }),
);

describe('an account with an embedded wallet', () => {
  it('joins no other account, and keeps its wallet', async () => {
    const { session: owner, wallet } = await anEmbeddedWallet(app, game);
    const { session: other } = await anEmbeddedWallet(app, game);
    const bare = await signInPerson(app, game);
    app.clock.advance(1);

    for (const survivor of [other, bare])
      expectProblem(await join(app, game, survivor, owner), 409, 'account.cannot_join');

    const again = await signInPerson(app, game, owner.person);
    expect(again.userId).toBe(owner.userId);
    expect((await signWith(again, wallet, await tokenFor(again, wallet))).status).toBe(200);
  });

  it('is not merged by a linked wallet either, and the proof is not used up', async () => {
    const linked = anEvmWallet();
    const owner = await walletSession(app, game, linked);
    const survivor = await aSteppedUp(app, game);
    expect((await owner.post('/v1/wallets/embedded', { chain: 'evm' })).status).toBe(201);

    const proof = await walletProof(survivor, linked, 'merge');

    expectProblem(await survivor.post('/v1/me/merges', proof), 409, 'account.cannot_join');
    expect((await walletSession(app, game, linked)).userId).toBe(owner.userId);
  });

  it('takes in another account, and has the same wallet then and after a separation', async () => {
    const { session: owner, wallet } = await anEmbeddedWallet(app, game);
    const other = await signInPerson(app, game);
    app.clock.advance(1);
    await mergeAccounts(app, game, owner, other);
    expect((await embed(owner)).walletId).toBe(wallet.walletId);
    const came = await signInPerson(app, game, other.person);
    expect(came.userId).toBe(owner.userId);
    // What an identity that came would make stays with the account that it came to.
    expectProblem(await came.post('/v1/wallets/embedded', { chain: 'ton' }), 409, 'wallet.came_by_merge');
    expectProblem(await askForToken(came, wallet), 409, 'wallet.came_by_merge');

    await separate(app, game, other.person);

    const back = await signInPerson(app, game, other.person);
    expect(await walletsOf(back)).toEqual([]);
    const again = await signInPerson(app, game, owner.person);
    expect((await signWith(again, wallet, await tokenFor(again, wallet))).status).toBe(200);
  });
});

describe('a merge while a wallet is created', () => {
  it('takes the account before the wallet is there, or is refused', async () => {
    const outcomes = new Set<string>();
    for (const round of times(12, (index) => index)) {
      const loser = await signInPerson(app, game);
      const survivor = await signInPerson(app, game);
      const accept = await acceptance(app, game, survivor, loser);
      const wait = (milliseconds: number) =>
        new Promise((resolve) => {
          setTimeout(resolve, milliseconds);
        });
      const create = async () => {
        await wait(round % 3 === 1 ? 5 * round : 0);
        return (round % 2 ? app : replica).http
          .post('/v1/wallets/embedded')
          .set('authorization', `Bearer ${loser.accessToken}`)
          .send({ chain: 'evm' });
      };
      const merge = async () => {
        await wait(round % 3 === 2 ? 5 * round : 0);
        return accept();
      };

      const [merged, created] = await Promise.all([merge(), create()]);

      const again = await signInPerson(app, game, loser.person);
      const isMerged = merged.status === 200;
      outcomes.add(`${merged.status} ${created.status}`);
      if (!isMerged) expectProblem(merged, 409, 'account.cannot_join');
      expect(again.userId).toBe(isMerged ? survivor.userId : loser.userId);
      expect({ isMerged, isCreated: created.status === 201 }).toEqual({ isMerged, isCreated: !isMerged });
      const owners = await app.database.query(
        `SELECT user_id AS owner FROM wallets WHERE kind = 'embedded' AND user_id = ANY($1)`,
        [[loser.userId, survivor.userId]],
      );
      expect(owners).toEqual(isMerged ? [] : [{ owner: loser.userId }]);
    }
    expect(outcomes.size).toBeGreaterThan(0);
  });
});

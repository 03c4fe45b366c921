import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletOwner, ANVIL_CHAIN, balancesOf, chainsOf, follow } from '../support/followed-wallets';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const PEOPLE = 5;

describeWithAnvil('final rows of several wallets', () => {
  const anvil = useAnvil();
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf([anvil.url], { blocksPerBatch: 3 }) } }));
  const demo = useApplication(app, { origins: [SITE] });

  /** As a plain dump has them. */
  async function digestsOf(table: string): Promise<readonly string[]> {
    const found = await app.database.query<{ digest: string }>(
      `SELECT encode(digest, 'hex') AS digest FROM ${table} ORDER BY ctid`,
    );
    return found.map(({ digest }) => digest);
  }

  it('lie in the order of their digests, not in that of their blocks', async () => {
    const owners = [];
    for (let person = 0; person < PEOPLE; person += 1) owners.push(await aWalletOwner(app, demo));
    await follow(app);
    for (let round = 0; round < 2; round += 1)
      for (const { address } of owners) await anvil.pay(address, BigInt(1 + round));
    await follow(app);
    expect(await digestsOf('wallet_transfers')).toEqual([]);
    await anvil.mine(70);
    await follow(app);

    const transfers = await digestsOf('wallet_transfers');
    const assets = await digestsOf('wallet_assets');

    expect([transfers.length, assets.length]).toEqual([2 * PEOPLE, PEOPLE]);
    expect(transfers).toEqual(transfers.toSorted());
    expect(assets).toEqual(assets.toSorted());
  });

  it('come with what cannot be seen', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    const unseen = ['before_since', 'contract_transfers', 'block_rewards', 'rebasing', 'unread_logs'];

    expect(await balancesOf(owner)).toMatchObject({ unseen });
    for (const part of ['transactions', 'collectibles']) {
      const { body } = await owner.session.get(
        `/v1/wallets/${owner.walletId}/${part}?chainId=${ANVIL_CHAIN}`,
      );
      expect(body).toMatchObject({ chain: { unseen } });
    }
  });
});

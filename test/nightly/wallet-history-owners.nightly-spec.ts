import { generatePrivateKey } from 'viem/accounts';
import { ErasureUpkeep } from '@countersign/account';
import { DAY } from '@countersign/clock';
import { OrphanedRowsCleanup } from '@countersign/wallet-history';
import { settleAttachments } from '../support/accounts';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import {
  aWalletOwner,
  balancesOf,
  chainsOf,
  changeOnChain,
  follow,
  followerOf,
  historyOf,
  touchedOnChain,
} from '../support/followed-wallets';
import { aSteppedUp } from '../support/linked-wallets';
import { useApplication, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE, walletProof } from '../support/wallets';

const ether = 10n ** 18n;

describeWithAnvil('history of a wallet', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'] });
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf([anvil.url]) } }));
  const demo = useApplication(app, { origins: [SITE] });

  /** Final rows, pending ones, and assets. */
  async function countRows(): Promise<number> {
    const [found] = await app.database.query<{ count: number }>(
      `SELECT ((SELECT count(*) FROM wallet_transfers) + (SELECT count(*) FROM wallet_assets)
         + (SELECT count(*) FROM wallet_transfers_pending))::int AS count`,
    );
    return found?.count ?? 0;
  }

  it('goes with the person, whatever follows', async () => {
    await follow(app);
    const before = await countRows();
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await anvil.pay(owner.address, ether);
    await anvil.mine(12);
    await follow(app);
    await anvil.pay(owner.address, ether);
    await follow(app);
    expect(await countRows()).toBe(before + 3);

    const { session } = owner;
    expect((await session.delete(`/v1/me?confirm=${session.userId}`)).status).toBe(202);
    app.clock.advance((8 * DAY) / 1_000);
    await app.nest.get(ErasureUpkeep).run();
    await app.nest.get(OrphanedRowsCleanup).run();

    expect(await countRows()).toBe(before);
    await app.catchUp();
    await anvil.pay(owner.address, ether);
    await anvil.mine(12);
    await follow(app);
    expect(await countRows()).toBe(before);
    for (const table of ['wallet_remains', 'wallet_chains'])
      expect(await app.database.query(`SELECT 1 FROM ${table}`)).toEqual([]);
  });

  it('moves with a merge, and goes on without a gap or a double', async () => {
    const key = generatePrivateKey();
    const owner = await aWalletOwner(app, demo, key);
    const survivor = await aSteppedUp(app, demo);
    await follow(app);
    await anvil.pay(owner.address, 3n);
    await anvil.mine(12);
    await follow(app);
    await anvil.pay(owner.address, 5n);
    await follow(app);
    const before = [await historyOf(owner), await balancesOf(owner)];

    const proof = await walletProof(survivor, anEvmWallet('siwe', 'eip155:1', key), 'merge');
    expect((await survivor.post('/v1/me/merges', proof)).status).toBe(200);
    await app.catchUp();

    const moved = { ...owner, session: survivor };
    expect([await historyOf(moved), await balancesOf(moved)]).toEqual(before);
    await follow(app);
    await anvil.pay(owner.address, 7n);
    await anvil.mine(12);
    await follow(app);
    const { since, balances } = await balancesOf(moved);
    expect(BigInt(balances[0]?.change ?? '0')).toBe(await changeOnChain(anvil, owner.address, since ?? 0));
    const seen = (await historyOf(moved)).map(({ block, hash }) => `${block.hash} ${hash ?? ''}`);
    expect(seen).toHaveLength(3);
    expect(seen.toReversed()).toEqual(await touchedOnChain(anvil, owner.address, since ?? 0));
  });

  it('leaves nothing of a wallet that is unlinked while it is written', async () => {
    await follow(app);
    await anvil.mine(12);
    await follow(app);
    const before = await countRows();
    for (let round = 0; round < 6; round += 1) {
      const owner = await aWalletOwner(app, demo);
      await follow(app);
      await anvil.pay(owner.address, ether);
      // Half of them have final rows and an asset.
      if (round % 2 === 1) {
        await anvil.mine(12);
        await follow(app);
        await anvil.pay(owner.address, ether);
      }
      await settleAttachments(app);
      const [unlinked] = await Promise.all([
        owner.session.delete(`/v1/wallets/${owner.walletId}`),
        followerOf(app).round(),
        followerOf(app).round(),
      ]);
      expect(unlinked.status).toBe(204);
      await app.nest.get(OrphanedRowsCleanup).run();
      expect(await countRows()).toBe(before);
    }
  });
});

import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describeWithAnvil, useAnvil, type Anvil, type Deployed } from '../support/anvil';
import { useFakeNode } from '../support/fake-node';
import {
  aWalletOwner,
  backFillerOf,
  balancesOf,
  chainsOf,
  fillBack,
  follow,
  historyOf,
  type WalletOwner,
} from '../support/followed-wallets';
import { BackFillers } from '@countersign/wallet-history';
import type { Demo, TestApp } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

/** Whose one token transfer is before the first followed block, and final. */
async function anOwnerOf({
  app,
  demo,
  anvil,
  coin,
}: {
  app: TestApp;
  demo: Demo;
  anvil: Anvil;
  coin: Deployed;
}): Promise<{ owner: WalletOwner; hash: string }> {
  const key = generatePrivateKey();
  const { transactionHash } = await anvil.write(coin, 'mint', [privateKeyToAccount(key).address, 9n]);
  await anvil.mine(12);
  await app.withReplica(follow);
  const owner = await aWalletOwner(app, demo, key);
  await anvil.mine(12);
  await app.withReplica(follow);
  return { owner, hash: transactionHash };
}

async function hashesOf(owner: WalletOwner): Promise<readonly (string | null)[]> {
  return (await historyOf(owner)).map(({ hash }) => hash);
}

describeWithAnvil('earlier blocks where two nodes are configured', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'] });
  const node = useFakeNode(() => anvil.url);
  const second = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({
    environment: {
      CHAINS: chainsOf([node.url, second.url], { mayNameAddresses: true, backfillBlocks: 100 }),
    },
  }));
  const demo = useApplication(app, { origins: [SITE] });
  const coin = useFixture(() => anvil.deploy('TestErc20', ['Test', 'TST', 6]));

  it('are stored only as both have them, and followed meanwhile', async () => {
    const { owner, hash } = await anOwnerOf({ app, demo, anvil, coin });
    const { blockNumber } = await anvil.client.getTransactionReceipt({ hash: hash as `0x${string}` });
    await app.withReplica(async (replica) => {
      await follow(replica);
      second.lie(
        'eth_getBlockByNumber',
        async (params: readonly unknown[], truth: () => Promise<unknown>) => {
          const block = (await truth()) as object;
          return Number(params[0]) === Number(blockNumber)
            ? { ...block, hash: `0x${'ab'.repeat(32)}` }
            : block;
        },
      );

      expect(await backFillerOf(replica).round()).toBeGreaterThan(0);
      expect(await hashesOf(owner)).toEqual([]);
      await anvil.mine(1);
      await follow(replica);
      expect((await balancesOf(owner)).state).toBe('following');
      // Neither is believed alone while the other one is away.
      second.goAway();
      expect(await backFillerOf(replica).round()).toBeGreaterThan(0);
      expect(await hashesOf(owner)).toEqual([]);

      second.recover();
      await follow(replica);
      await fillBack(replica);
    });

    expect(await hashesOf(owner)).toEqual([hash]);
  });

  it('are not searched while the chain is not followed to its head', async () => {
    await anOwnerOf({ app, demo, anvil, coin });
    await app.withReplica(async (replica) => {
      await follow(replica);
      await app.database.query(`UPDATE chain_positions SET state = 'catching-up'`);
      node.requests.length = 0;

      expect(await backFillerOf(replica).round()).toBeGreaterThan(0);

      expect(node.methods()).toEqual([]);
      await follow(replica);
      await backFillerOf(replica).round();
      expect(node.methods()).toContain('eth_getLogs');
    });
  });

  it('are in no clear text of a dump, and in the export', async () => {
    const { owner, hash } = await anOwnerOf({ app, demo, anvil, coin });
    await app.withReplica(async (replica) => {
      await follow(replica);
      await fillBack(replica);
    });
    const { filledFrom } = await balancesOf(owner);

    const fills = await app.database.query<{ row: string }>('SELECT f::text AS row FROM wallet_back_fills f');
    const transfers = await app.database.query<{ row: string }>(
      'SELECT t::text AS row FROM wallet_transfers t',
    );
    const dump = [...fills, ...transfers].map(({ row }) => row).join('\n');
    for (const secret of [hash, owner.address]) expect(dump).not.toContain(secret.slice(2).toLowerCase());
    const columns = await app.database.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'wallet_back_fills' ORDER BY 1`,
    );
    expect(columns.map(({ name }) => name)).toEqual(['chain_id', 'is_done', 'progress', 'wallet_id']);

    const exported = await owner.session.get('/v1/me/export');
    const { sections } = exported.body as { sections: Record<string, { items: unknown[] }> };
    expect(sections['walletChains']?.items).toMatchObject([{ filledFrom, isFilled: true }]);
    expect(sections['walletTransactions']?.items).toMatchObject([{ transaction: { hash } }]);
  });
});

describeWithAnvil('nodes that may not learn addresses', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'] });
  const node = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf([node.url]) } }));
  const demo = useApplication(app, { origins: [SITE] });
  const coin = useFixture(() => anvil.deploy('TestErc20', ['Test', 'TST', 6]));

  it('are never asked for one', async () => {
    node.requests.length = 0;
    const { owner } = await anOwnerOf({ app, demo, anvil, coin });
    await anvil.write(coin, 'mint', [owner.address, 9n]);
    await anvil.mine(12);
    await app.withReplica(follow);

    expect(app.nest.get(BackFillers).all).toEqual([]);
    expect(await balancesOf(owner)).toMatchObject({ filledFrom: null, balances: [{}, { change: '9' }] });
    expect(await hashesOf(owner)).toHaveLength(1);
    expect(new Set(node.methods())).toEqual(
      new Set(['eth_chainId', 'eth_getBlockByNumber', 'eth_getBlockReceipts']),
    );
    expect(JSON.stringify(node.requests).toLowerCase()).not.toContain(owner.address.slice(2));
  });
});

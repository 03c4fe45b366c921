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
import { withFollowers } from '../support/follower-replica';
import { ChainFollowers } from '@countersign/wallet-history';
import type { Demo, TestApp } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const TRANSFER = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';

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
  await withFollowers(app, follow);
  const owner = await aWalletOwner(app, demo, key);
  await anvil.mine(12);
  await withFollowers(app, follow);
  return { owner, hash: transactionHash };
}

async function isDone(app: TestApp, { walletId }: WalletOwner): Promise<boolean | undefined> {
  const [row] = await app.database.query<{ done: boolean }>(
    'SELECT is_done AS done FROM wallet_back_fills WHERE wallet_id = $1',
    [walletId],
  );
  return row?.done;
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
    await withFollowers(app, async (replica) => {
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

  it.each(['which has no logs', 'whose logs are sent too'])(
    'are found by the node that is right while the other one invents logs of a block %s',
    async (which) => {
      const { owner, hash } = await anOwnerOf({ app, demo, anvil, coin });
      const { blockNumber } = await anvil.client.getTransactionReceipt({ hash: hash as `0x${string}` });
      const number = blockNumber - (which === 'which has no logs' ? 1n : 0n);
      const { hash: blockHash } = await anvil.client.getBlock({ blockNumber: number });
      const topic = `0x${owner.address.slice(2).padStart(64, '0')}`;
      node.lie('eth_getLogs', async ([filter]: readonly unknown[], truth: () => Promise<unknown>) => {
        const { topics } = filter as { topics: readonly unknown[] };
        const invented = {
          blockNumber: `0x${number.toString(16)}`,
          ...{ blockHash, logIndex: '0x63', topics: [TRANSFER, `0x${'0'.repeat(64)}`, topic] },
        };
        return [...((await truth()) as object[]), ...(topics.length === 3 ? [invented] : [])];
      });

      await withFollowers(app, async (replica) => {
        await follow(replica);
        await fillBack(replica);
        expect(await hashesOf(owner)).toEqual([hash]);
        expect(await isDone(app, owner)).toBe(true);
        // The next search begins with the node that was right.
        const later = await anOwnerOf({ app, demo, anvil, coin });
        await follow(replica);
        node.requests.length = 0;
        await fillBack(replica);
        expect(await hashesOf(later.owner)).toEqual([later.hash]);
        expect(node.methods()).not.toContain('eth_getLogs');
      });
    },
  );

  it('are searched for a wallet that comes after many that cannot be opened', async () => {
    const owners = [];
    for (let index = 0; index < 4; index += 1) owners.push(await anOwnerOf({ app, demo, anvil, coin }));
    owners.sort((one, other) => (one.owner.walletId < other.owner.walletId ? -1 : 1));
    const last = owners.pop();
    if (!last) throw new Error('there are four');
    await app.database.query(
      `UPDATE wallets w SET wallet_key = o.wallet_key FROM wallets o WHERE w.id = ANY($1) AND o.id = $2`,
      [owners.map(({ owner }) => owner.walletId), last.owner.walletId],
    );

    await withFollowers(app, async (replica) => {
      await follow(replica);
      await fillBack(replica);
      expect(await backFillerOf(replica).round()).toBeGreaterThan(0);
    });

    expect(await hashesOf(last.owner)).toEqual([last.hash]);
    expect(await isDone(app, last.owner)).toBe(true);
  });

  it('are not searched while the chain is not followed to its head', async () => {
    await anOwnerOf({ app, demo, anvil, coin });
    await withFollowers(app, async (replica) => {
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
    await withFollowers(app, async (replica) => {
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
    await withFollowers(app, follow);

    expect(app.nest.get(ChainFollowers).backFillers).toEqual([]);
    expect(await balancesOf(owner)).toMatchObject({ filledFrom: null, balances: [{}, { change: '9' }] });
    expect(await hashesOf(owner)).toHaveLength(1);
    expect(new Set(node.methods())).toEqual(
      new Set(['eth_chainId', 'eth_getBlockByNumber', 'eth_getBlockReceipts']),
    );
    expect(JSON.stringify(node.requests).toLowerCase()).not.toContain(owner.address.slice(2));
  });
});

import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { OrphanedRowsCleanup } from '@countersign/wallet-history';
import { settleAttachments } from '../support/accounts';
import { anvilAccount, describeWithAnvil, useAnvil } from '../support/anvil';
import { RpcFault, useFakeNode } from '../support/fake-node';
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
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const ether = 10n ** 18n;

describeWithAnvil('what a wallet did before it was linked', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'] });
  const node = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsOf([node.url], { mayNameAddresses: true, backfillBlocks: 60 }) },
  }));
  const demo = useApplication(app, { origins: [SITE] });
  const coin = useFixture(() => anvil.deploy('TestErc20', ['Test', 'TST', 6]));
  const art = useFixture(() => anvil.deploy('TestErc721'));
  const items = useFixture(() => anvil.deploy('TestErc1155'));
  const other = anvilAccount(5).address;
  let minted = 0n;
  // Each wallet has so many blocks before it.
  beforeAll(() => anvil.mine(61));

  /** @returns whose earlier blocks are final, and the transactions in them, oldest first */
  async function anOwnerWithPast(): Promise<{ owner: WalletOwner; past: readonly string[] }> {
    const key = generatePrivateKey();
    const account = privateKeyToAccount(key);
    const from = account as never;
    const { address } = account;
    await anvil.pay(address, ether);
    const done = [
      await anvil.write(coin, 'mint', [address, 1_000n]),
      await anvil.write(coin, 'transfer', [other, 400n], { from }),
      await anvil.write(art, 'mint', [address, (minted += 1n)]),
      await anvil.write(items, 'mint', [address, 7n, 10n]),
      await anvil.write(items, 'safeTransferFrom', [address, other, 7n, 4n, '0x'], { from }),
    ];
    const past = done.map(({ transactionHash }) => transactionHash);
    await anvil.mine(12);
    await withFollowers(app, follow);
    const owner = await aWalletOwner(app, demo, key);
    await anvil.mine(12);
    await withFollowers(app, follow);
    return { owner, past };
  }

  async function hashesOf(owner: WalletOwner): Promise<readonly (string | null)[]> {
    const history = await historyOf(owner, 'includeHidden=true&limit=2');
    return history.map(({ hash }) => hash).toReversed();
  }

  /** Nodes are searched in ranges of at most so many blocks. */
  function limitRanges(blocks: number): number[] {
    const asked: number[] = [];
    node.lie('eth_getLogs', ([filter]: readonly unknown[], truth: () => Promise<unknown>) => {
      const { fromBlock, toBlock } = filter as { fromBlock: string; toBlock: string };
      const size = Number(toBlock) - Number(fromBlock) + 1;
      asked.push(size);
      if (size > blocks) throw new RpcFault(-32_005, 'query returned more than 10000 results');
      return truth();
    });
    return asked;
  }

  async function fill(): Promise<void> {
    await withFollowers(app, async (replica) => {
      await follow(replica);
      await fillBack(replica);
    });
  }

  async function isDone({ walletId }: WalletOwner): Promise<boolean | undefined> {
    const [row] = await app.database.query<{ done: boolean }>(
      'SELECT is_done AS done FROM wallet_back_fills WHERE wallet_id = $1',
      [walletId],
    );
    return row?.done;
  }

  it('is told after what was followed, in the order of the chain, and once', async () => {
    const { owner, past } = await anOwnerWithPast();
    const before = await balancesOf(owner);
    expect(before).toMatchObject({ filledFrom: null });
    expect(before.unseen).not.toContain('coins_before_since');
    const paid = await anvil.pay(owner.address, 5n);
    await withFollowers(app, follow);

    await fill();
    await anvil.mine(12);
    await fill();
    const last = await anvil.write(coin, 'mint', [owner.address, 3n]);
    await anvil.mine(12);
    await fill();

    const all = [...past, paid.transactionHash, last.transactionHash];
    expect(await hashesOf(owner)).toEqual(all);
    const [, , batch, , spent] = await historyOf(owner);
    expect(batch).toMatchObject({
      status: 'succeeded',
      isFinal: false,
      verification: 'none',
      vanishedAt: null,
      fee: expect.any(String),
    });
    expect(spent).toMatchObject({ isFinal: false, verification: 'none' });
    const since = before.since ?? 0;
    const { filledFrom, unseen, balances } = await balancesOf(owner);
    expect({ filledFrom, unseen }).toEqual({
      filledFrom: since - 60,
      unseen: expect.arrayContaining(['before_since', 'coins_before_since']),
    });
    const changes = balances.map(({ standard, change }) => [standard, change]);
    expect(changes).toEqual([
      ['native', '5'],
      ['erc20', '3'],
    ]);
  });

  it('is found by smaller ranges where a node refuses large ones', async () => {
    const { owner, past } = await anOwnerWithPast();
    const asked = limitRanges(4);

    await fill();

    expect(await hashesOf(owner)).toEqual(past);
    expect(Math.max(...asked)).toBe(60);
    expect(Math.min(...asked)).toBeGreaterThan(0);
    expect(asked.filter((size) => size <= 4).length).toBeGreaterThan(15);
    // It grows again after some answers.
    expect(asked.lastIndexOf(6)).toBeGreaterThan(10);
  });

  it('is read from the blocks themselves where a node answers no logs at all', async () => {
    const { owner, past } = await anOwnerWithPast();
    node.fail('eth_getLogs', -32_000, 'logs are not available');

    await fill();

    // Whole blocks tell the coin too.
    const [coins, ...tokens] = await historyOf(owner).then((history) => history.toReversed());
    expect(coins?.transfers).toMatchObject([{ standard: 'native', amount: ether.toString() }]);
    expect(tokens.map(({ hash }) => hash)).toEqual(past);
  });

  it('is not taken for nothing by a node that is behind, and answers an empty list', async () => {
    const { owner, past } = await anOwnerWithPast();
    await withFollowers(app, async (replica) => {
      await follow(replica);
      node.lie('eth_getLogs', []);
      node.lie('eth_getBlockByNumber', (params: readonly unknown[], truth: () => Promise<unknown>) =>
        params[0] === '0x0' ? truth() : null,
      );

      expect(await backFillerOf(replica).round()).toBeGreaterThan(0);
    });

    expect(await isDone(owner)).toBeUndefined();
    node.recover();
    await fill();
    expect(await hashesOf(owner)).toEqual(past);
  });

  it.each([
    ['names another block', { blockHash: `0x${'ab'.repeat(32)}` }],
    ['is in no block', { logIndex: '0x63' }],
    ['is of another range', { blockNumber: '0x1' }],
    ['is of another address', { topics: [`0x${'11'.repeat(32)}`] }],
  ])('is not stored by a log that %s', async (_, lie) => {
    const { owner, past } = await anOwnerWithPast();
    await withFollowers(app, async (replica) => {
      await follow(replica);
      node.lie('eth_getLogs', async (_params: readonly unknown[], truth: () => Promise<unknown>) => {
        const [first, ...others] = (await truth()) as object[];
        return first ? [{ ...first, ...lie }, ...others] : [];
      });

      expect(await backFillerOf(replica).round()).toBeGreaterThan(0);
      expect(await backFillerOf(replica).round()).toBeGreaterThan(0);
      // The chain is followed all the same.
      await anvil.mine(1);
      await follow(replica);
    });

    expect(await balancesOf(owner)).toMatchObject({ state: 'following', filledFrom: null });
    expect(await hashesOf(owner)).toEqual([]);
    node.recover();
    await fill();
    expect(await hashesOf(owner)).toEqual(past);
  });

  it('is found by another replica from where the last one ended', async () => {
    const { owner, past } = await anOwnerWithPast();
    limitRanges(12);
    const filled = [];
    for (let round = 0; (await isDone(owner)) !== true && round < 40; round += 1) {
      await withFollowers(app, async (replica) => {
        await follow(replica);
        await backFillerOf(replica).round();
        await backFillerOf(replica).round();
        await backFillerOf(replica).round();
        await backFillerOf(replica).round();
      });
      filled.push((await balancesOf(owner)).filledFrom);
    }

    expect(new Set(filled).size).toBeGreaterThan(3);
    expect(await hashesOf(owner)).toEqual(past);
  });

  it('is stored once by searches at the same time, and by no replica without the lease', async () => {
    const { owner, past } = await anOwnerWithPast();
    await withFollowers(app, async (replica) => {
      await follow(replica);
      await withFollowers(app, async (second) => {
        await follow(second);
        node.requests.length = 0;
        expect(await backFillerOf(second).round()).toBeGreaterThan(0);
        expect(node.methods()).toEqual([]);
      });
      const filler = backFillerOf(replica);
      let searches = 0;
      node.takeOver(async (body) => {
        if (!JSON.stringify(body).includes('eth_getLogs')) return;
        searches += 1;
        await until(() => searches === 3);
      });
      expect(await Promise.all([filler.round(), filler.round(), filler.round()])).toEqual([0, 0, 0]);
      node.recover();
      await fillBack(replica);
    });

    expect(await hashesOf(owner)).toEqual(past);
  });

  it('leaves nothing of a wallet that is unlinked while it is searched', async () => {
    const before = await app.database.query('SELECT digest FROM wallet_transfers');
    for (let round = 0; round < 4; round += 1) {
      const { owner } = await anOwnerWithPast();
      await withFollowers(app, async (replica) => {
        await follow(replica);
        await settleAttachments(app);
        const [unlinked] = await Promise.all([
          owner.session.delete(`/v1/wallets/${owner.walletId}`),
          backFillerOf(replica).round(),
          backFillerOf(replica).round(),
        ]);
        expect(unlinked.status).toBe(204);
      });
      await app.nest.get(OrphanedRowsCleanup).run();
      expect(await isDone(owner)).toBeUndefined();
      expect(await app.database.query('SELECT digest FROM wallet_transfers')).toEqual(before);
    }
  });

  it('is searched for others where a row is damaged, and told as not searched', async () => {
    const { owner, past } = await anOwnerWithPast();
    const damaged = await anOwnerWithPast();
    limitRanges(7);
    await withFollowers(app, async (replica) => {
      await follow(replica);
      for (let round = 0; round < 12; round += 1) await backFillerOf(replica).round();
      const { walletId } = damaged.owner;
      await app.database.query(
        `UPDATE wallet_back_fills SET progress = (SELECT progress FROM wallet_back_fills WHERE wallet_id <> $1 LIMIT 1)
         WHERE wallet_id = $1`,
        [walletId],
      );
      for (let round = 0; (await isDone(owner)) !== true && round < 60; round += 1)
        await backFillerOf(replica).round();
      // Its turn comes again.
      await backFillerOf(replica).round();
    });

    expect(await hashesOf(owner)).toEqual(past);
    expect(await isDone(damaged.owner)).toBe(false);
    expect((await balancesOf(damaged.owner)).filledFrom).toBeNull();
  });

  it('is not searched where a chain is read again from an earlier block on', async () => {
    const { owner, past } = await anOwnerWithPast();
    limitRanges(4);
    await withFollowers(app, async (replica) => {
      await follow(replica);
      while ((await isDone(owner)) === undefined) await backFillerOf(replica).round();
      const { blockNumber } = await anvil.client.getTransactionReceipt({ hash: past[2] as `0x${string}` });
      await app.database.query('UPDATE wallet_chains SET from_block = $2 WHERE wallet_id = $1', [
        owner.walletId,
        Number(blockNumber),
      ]);
      await fillBack(replica);
    });

    expect(await hashesOf(owner)).toEqual(past.slice(0, 2));
  });

  it('ends after so many blocks, and says from which one on it is whole', async () => {
    const { owner, past } = await anOwnerWithPast();
    await withFollowers(app, async (replica) => {
      await follow(replica);
      Reflect.set(backFillerOf(replica), 'maxBlocks', 3);
      await fillBack(replica);
    });

    expect(await hashesOf(owner)).toEqual(past.slice(-3));
    const [oldest] = (await historyOf(owner)).toReversed();
    expect((await balancesOf(owner)).filledFrom).toBe(oldest?.block.number);
    expect(await isDone(owner)).toBe(true);
  });
});

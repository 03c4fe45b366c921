import type { Hex } from 'viem';
import { times } from '../factories';
import { anvilAccount, describeWithAnvil, useAnvil } from '../support/anvil';
import {
  aWalletOwner,
  balancesOf,
  chainsOf,
  changeOnChain,
  collectiblesOf,
  follow,
  historyOf,
  tokenChangeOnChain,
  touchedOnChain,
  type WalletOwner,
} from '../support/followed-wallets';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

/** In all about 160 reorganisations at most: then anvil loses the state of its last block. */
const RUNS = Number(process.env.REORGANISATION_RUNS || 1);
const ROUNDS = Number(process.env.REORGANISATION_ROUNDS || 8);

/** mulberry32, so that a run can be repeated. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

describeWithAnvil('the history of a wallet', () => {
  const anvil = useAnvil();
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf([anvil.url]) } }));
  const demo = useApplication(app, { origins: [SITE] });
  const coin = useFixture(() => anvil.deploy('TestErc20', ['Test', 'TST', 6]));
  const art = useFixture(() => anvil.deploy('TestErc721'));
  const items = useFixture(() => anvil.deploy('TestErc1155'));
  const ether = 10n ** 18n;
  let nextToken = 100n;

  /** Followed, with coins to spend. */
  async function anOwner(): Promise<WalletOwner> {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await anvil.pay(owner.address, 10n * ether);
    await anvil.write(coin, 'mint', [owner.address, 1_000_000n]);
    return owner;
  }

  async function expectAsOnChain(owner: WalletOwner): Promise<void> {
    const { since, balances, asOfBlock, state } = await balancesOf(owner);
    const head = await anvil.client.getBlock();
    // The reason of a node's or an own failure stands beside the position.
    const [position] = await app.database.query<{ fault: string | null }>(
      'SELECT fault FROM chain_positions',
    );
    expect({ fault: position?.fault, state, asOfBlock }).toEqual({
      fault: null,
      state: 'following',
      asOfBlock: { number: Number(head.number), hash: head.hash },
    });
    const from = since ?? 0;
    const history = await historyOf(owner);
    const live = history.filter(({ status }) => status !== 'vanished');
    const seen = live.map(({ block, hash }) => `${block.hash} ${hash ?? ''}`);
    expect(seen.toReversed()).toEqual(await touchedOnChain(anvil, owner.address, from));
    const changes = new Map(balances.map(({ contract, change }) => [contract, BigInt(change)]));
    expect(changes.get(null)).toBe(await changeOnChain(anvil, owner.address, from));
    const told = balances.find(({ contract }) => contract?.toLowerCase() === coin.address.toLowerCase());
    const onChain = await tokenChangeOnChain(anvil, coin, owner.address, from);
    expect(BigInt(told?.change ?? '0')).toBe(onChain);

    // What vanished is marked, and is nothing that the chain has.
    const hashes = new Set(live.map(({ hash }) => hash));
    for (const { hash, vanishedAt } of history.filter(({ status }) => status === 'vanished')) {
      expect(vanishedAt).not.toBeNull();
      expect(hashes).not.toContain(hash);
    }
    await expectCollectiblesAsOnChain(owner);
  }

  async function expectCollectiblesAsOnChain(owner: WalletOwner): Promise<void> {
    for (const { contract, tokenId, quantity } of await collectiblesOf(owner)) {
      const isArt = contract.toLowerCase() === art.address.toLowerCase();
      if (isArt)
        expect((await anvil.read<string>(art, 'ownerOf', [tokenId])).toLowerCase()).toBe(owner.address);
      else expect(await anvil.read(items, 'balanceOf', [owner.address, tokenId])).toBe(BigInt(quantity));
    }
  }

  it('tells coins, tokens and collectibles, in and out, as the chain has them', async () => {
    const owner = await anOwner();
    const { account, address } = owner;
    const from = account as never;
    await anvil.pay(anvilAccount(5).address, ether, { from });
    await anvil.write(coin, 'transfer', [anvilAccount(5).address, 250_000n], { from });
    await anvil.write(art, 'mint', [address, 1n]);
    await anvil.write(art, 'mint', [address, 2n]);
    await anvil.write(art, 'transferFrom', [address, anvilAccount(5).address, 1n], { from });
    await anvil.write(items, 'mintBatch', [address, [7n, 8n], [30n, 40n]]);
    await anvil.write(items, 'safeTransferFrom', [address, anvilAccount(5).address, 7n, 10n, '0x'], { from });
    await follow(app);

    await expectAsOnChain(owner);
    const collectibles = await collectiblesOf(owner);
    expect(collectibles.map(({ tokenId, quantity }) => [tokenId, quantity]).toSorted()).toEqual([
      ['2', '1'],
      ['7', '20'],
      ['8', '40'],
    ]);
    const [latest] = await historyOf(owner);
    expect(latest).toMatchObject({ status: 'succeeded', isFinal: false, confirmations: 1 });
    expect(latest?.fee).toMatch(/^\d+$/);
  });

  it('tells what a failed transaction cost', async () => {
    const owner = await anOwner();
    const hash = await anvil.client.sendTransaction({
      account: owner.account,
      to: coin.address,
      data: '0xdeadbeef',
      gas: 100_000n,
    });
    await anvil.receipt(hash);
    await follow(app);

    const [latest] = await historyOf(owner);

    expect(latest).toMatchObject({ hash, status: 'failed' });
    await expectAsOnChain(owner);
  });

  it('tells once what vanished from two blocks that became final one after the other', async () => {
    const owner = await anOwner();
    const { transactionHash: hash } = await anvil.pay(anvilAccount(5).address, ether, {
      from: owner.account,
    });
    const raw = await anvil.request<Hex>('eth_getRawTransactionByHash', [hash]);
    await follow(app);
    await anvil.reorg(1);
    await anvil.mine(5);
    await anvil.receipt(await anvil.client.sendRawTransaction({ serializedTransaction: raw }));
    await follow(app);
    await anvil.reorg(1);
    // The first of the two blocks is final now, and then the second.
    for (const blocks of [60, 10]) {
      await anvil.mine(blocks);
      await follow(app);
    }

    await expectAsOnChain(owner);
    const told = (await historyOf(owner)).filter((item) => item.hash === hash);
    expect(told).toMatchObject([{ status: 'vanished', isFinal: false }]);
  });

  it.each(times(RUNS, (run) => run))(
    'follows reorganisations of random depth while transfers go on (run %i)',
    async (run) => {
      const random = randomOf(Number(process.env.PROPERTY_SEED) + run);
      const owners = [await anOwner(), await anOwner()];
      await anvil.mine(12);
      await follow(app);

      const act = async (): Promise<void> => {
        const owner = owners[random(2)] as WalletOwner;
        const other = owners[random(2)] as WalletOwner;
        const from = owner.account as never;
        const acts = [
          () => anvil.pay(owner.address, BigInt(random(1_000))),
          () => anvil.pay(other.address, BigInt(1 + random(1_000)), { from }),
          () => anvil.write(coin, 'transfer', [other.address, BigInt(random(100))], { from }),
          () => anvil.write(coin, 'mint', [owner.address, BigInt(random(1_000))]),
          () => anvil.write(art, 'mint', [owner.address, (nextToken += 1n)]),
          () => anvil.write(items, 'mintBatch', [owner.address, [1n, 2n], [BigInt(random(9)), 3n]]),
        ];
        await acts[random(acts.length)]?.();
      };

      for (let round = 0; round < ROUNDS; round += 1) {
        for (let acts = 0; acts < 5; acts += 1) await act();
        // Sometimes it has not seen what goes.
        if (random(3) > 0) await follow(app);
        const depth = 1 + random(10);
        await anvil.reorg(depth, await someOf(depth, random));
        await act();
        await follow(app);

        for (const owner of owners) await expectAsOnChain(owner);
      }
    },
  );

  /** Some of the transactions of the last blocks, in new blocks. */
  async function someOf(
    depth: number,
    random: (below: number) => number,
  ): Promise<readonly (readonly [raw: Hex, block: number])[]> {
    const head = Number(await anvil.client.getBlockNumber({ cacheTime: 0 }));
    const kept: (readonly [Hex, number])[] = [];
    let block = 0;
    for (let number = head - depth + 1; number <= head; number += 1) {
      const { transactions } = await anvil.client.getBlock({ blockNumber: BigInt(number) });
      for (const hash of transactions)
        if (random(4) > 0) {
          block = Math.min(depth - 1, block + random(2));
          kept.push([await anvil.request<Hex>('eth_getRawTransactionByHash', [hash]), block]);
        }
    }
    return kept;
  }
});

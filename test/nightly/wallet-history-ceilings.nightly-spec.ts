import type { Address } from 'viem';
import { HistoryLimits } from '@countersign/wallet-history';
import { anvilAccount, describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import {
  ANVIL_CHAIN,
  aWalletOwner,
  balancesOf,
  chainsOf,
  follow,
  historyOf,
  type CollectibleItem,
  type WalletOwner,
} from '../support/followed-wallets';
import { readExport } from '../support/export-schema';
import { anOperator } from '../support/operator';
import { statementsOf } from '../support/statement-count';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const MAX_FOREIGN = 120;
/** The first contract of the first account of an anvil. */
const LISTED = '0x5fbdb2315678afecb367f032d93f642f64180aa3';
const ether = 10n ** 18n;

interface Collectibles {
  readonly chain: { readonly omittedTransfers: number };
  readonly items: readonly CollectibleItem[];
}

interface Transactions {
  readonly chain: { readonly omittedTransfers: number };
  readonly items: readonly { readonly hash: string; readonly isFinal: boolean }[];
  readonly hasMorePending: boolean;
  readonly nextCursor: string | null;
}

describeWithAnvil('a flood of tokens that anyone can send', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'] });
  const tokens = [{ address: LISTED, symbol: 'TST', decimals: 6 }];
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsOf([anvil.url], { tokens, mayNameAddresses: true }) },
  }));
  const demo = useApplication(app, { origins: [SITE] });
  let listed: Deployed;
  let hostile: Deployed;

  beforeAll(async () => {
    listed = await anvil.deploy('TestErc20', ['Test', 'TST', 6]);
    hostile = await anvil.deploy('HostileToken', ['Free money', 'FREE']);
    expect(listed.address.toLowerCase()).toBe(LISTED);
    // The start is final: they are there before it.
    await anvil.mine(12);
  });

  let nextId = 1n;
  async function flood(to: Address, count: number): Promise<void> {
    const ids = Array.from({ length: count }, () => (nextId += 1n));
    await anvil.write(hostile, 'logBatch', [anvilAccount(3).address, to, ids, ids]);
  }

  async function ask<T>({ session, walletId }: WalletOwner, part: string, query = ''): Promise<T> {
    const path = `/v1/wallets/${walletId}/${part}?chainId=${ANVIL_CHAIN}&includeHidden=true${query}`;
    return (await session.get(path).expect(200)).body as T;
  }

  async function countRows(): Promise<{ transfers: number; assets: number; bytes: number }> {
    const [found] = await app.database.query<{ transfers: number; assets: number; bytes: number }>(
      `SELECT (SELECT count(*)::int FROM wallet_transfers) AS transfers,
         (SELECT count(*)::int FROM wallet_assets) AS assets,
         (SELECT sum(length(content))::int FROM wallet_transfers) AS bytes`,
    );
    return found ?? { transfers: 0, assets: 0, bytes: 0 };
  }

  it('stops to be stored, and displaces neither coins, listed tokens nor what the wallet does', async () => {
    app.nest.get(HistoryLimits).foreignTransfers = MAX_FOREIGN;
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    for (let block = 0; block < 3; block += 1) await flood(owner.address, 100);
    await anvil.mine(12);
    await follow(app);
    const before = await countRows();

    for (let block = 0; block < 4; block += 1) await flood(owner.address, 100);
    await anvil.pay(owner.address, ether);
    await anvil.write(listed, 'mint', [owner.address, 5n]);
    await anvil.write(hostile, 'mint', [owner.address, 9n], { from: owner.account });
    await anvil.mine(12);
    await follow(app);

    const after = await countRows();
    expect(before.assets).toBe(MAX_FOREIGN);
    // The coin, the listed token, and what the wallet did itself.
    expect([after.transfers - before.transfers, after.assets - before.assets]).toEqual([3, 3]);
    const { chain, items } = await ask<Collectibles>(owner, 'collectibles');
    expect(chain.omittedTransfers).toBe(700 - MAX_FOREIGN);
    // The contract has none of them, whatever it logs.
    expect(items.every(({ quantity, isHidden }) => quantity === '0' && isHidden)).toBe(true);
    const { text } = await owner.session.get('/v1/me/export');
    expect(readExport(text).sections['walletChains']?.items).toMatchObject([
      { omittedTransfers: 700 - MAX_FOREIGN },
    ]);
    const { balances } = await balancesOf(owner);
    expect(balances).toMatchObject([
      { standard: 'native', isChangeExact: true, unexplained: '0' },
      { contract: listed.address, change: '5', isChangeExact: true, unexplained: '0' },
      { contract: hostile.address, change: '9', isChangeExact: false, unexplained: null },
    ]);
    const history = await historyOf(owner, 'includeHidden=false&limit=50');
    expect(history.slice(0, 3).map(({ transfers }) => transfers.at(-1)?.amount)).toEqual([
      '9',
      '5',
      ether.toString(),
    ]);
  });

  it('is never counted too low where the chain is read again', async () => {
    app.nest.get(HistoryLimits).foreignTransfers = MAX_FOREIGN;
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await anvil.mine(12);
    await follow(app);
    const { finalBlock: first } = await balancesOf(owner);
    for (let block = 0; block < 2; block += 1) await flood(owner.address, 100);
    await anvil.mine(12);
    await follow(app);
    const { finalBlock: second } = await balancesOf(owner);
    await flood(owner.address, 70);
    await anvil.mine(12);
    await follow(app);
    const before = await countRows();
    expect((await balancesOf(owner)).omittedTransfers).toBe(270 - MAX_FOREIGN);
    const operator = await anOperator(app);

    for (const lastBlock of [second, first]) {
      await operator.post(`/v1/admin/chains/${ANVIL_CHAIN}/reset`, { lastBlock }).expect(200);
      await follow(app);

      expect((await balancesOf(owner)).omittedTransfers).toBeGreaterThanOrEqual(270 - MAX_FOREIGN);
      expect(await countRows()).toMatchObject({ transfers: before.transfers, assets: before.assets });
    }
  });

  it('makes no balance look exact that misses what was too much in a block', async () => {
    app.nest.get(HistoryLimits).foreignTransfers = 10_000;
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    const other = await anvil.deploy('HostileToken', ['Other', 'OTH']);
    await anvil.write(other, 'logTransfer', [anvilAccount(3).address, owner.address, 3n]);
    await anvil.write(hostile, 'logTransfers', [
      anvilAccount(3).address,
      Array.from({ length: 600 }, () => owner.address),
      1n,
    ]);
    await follow(app);
    const expected = [
      { standard: 'native', isChangeExact: true, unexplained: '0' },
      { contract: other.address, change: '3', isChangeExact: false, unexplained: null },
      { contract: hostile.address, change: '500', isChangeExact: false, unexplained: null },
    ];
    const byStandard = async () =>
      [...(await balancesOf(owner)).balances].sort((a, b) => Number(BigInt(a.change) - BigInt(b.change)));

    expect(await byStandard()).toMatchObject(expected);
    expect((await balancesOf(owner)).omittedTransfers).toBe(0);
    await anvil.mine(12);
    await follow(app);

    expect(await byStandard()).toMatchObject(expected);
    expect((await balancesOf(owner)).omittedTransfers).toBe(100);
  });

  it('is counted where its logs cannot be read', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    const count = async (): Promise<number> => {
      const { text } = await app.gateway.get('/metrics');
      return Number(/countersign_chain_unread_logs_total\{chain="eip155:31337"\} (\d+)/.exec(text)?.[1] ?? 0);
    };
    const before = await count();
    const transfer = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
    const to = `0x${owner.address.slice(2).padStart(64, '0')}`;
    // The amount is missing.
    for (const data of ['0x', '0x01'])
      await anvil.write(hostile, 'logRaw', [[transfer, `0x${'0'.repeat(64)}`, to], data]);
    await follow(app);

    expect((await count()) - before).toBe(2);
    expect(await historyOf(owner)).toEqual([]);
  });

  it('hides nothing of one’s own while it is not final, and costs a page a bounded number of rows', async () => {
    app.nest.get(HistoryLimits).pendingRows = 10;
    const owner = await aWalletOwner(app, demo);
    await anvil.pay(owner.address, ether);
    await follow(app);
    await anvil.request('evm_setAutomine', [false]);
    const spam = { ...hostile, functionName: 'logTransfer', gas: 100_000n } as const;
    const args = [anvilAccount(3).address, owner.address, 1n];
    for (let index = 0; index < 30; index += 1)
      await anvil.client.writeContract({ ...spam, args, account: anvilAccount(index % 2) });
    const own = await anvil.client.sendTransaction({
      to: anvilAccount(4).address,
      value: 1n,
      account: owner.account,
      gas: 21_000n,
      maxPriorityFeePerGas: 1n,
    } as never);
    await anvil.mine(1);
    await anvil.request('evm_setAutomine', [true]);
    await follow(app);

    const first = await ask<Transactions>(owner, 'transactions');
    expect(first.items).toHaveLength(10);
    expect(first.items.map(({ hash }) => hash)).toContain(own);
    expect(first.hasMorePending).toBe(true);
    expect((await balancesOf(owner)).balances[0]).toMatchObject({ isChangeExact: false, unexplained: null });
    await anvil.mine(12);
    await follow(app);

    const all = await ask<Transactions>(owner, 'transactions', '&limit=20');
    expect(all).toMatchObject({ hasMorePending: false });
    expect(all.items).toHaveLength(20);
    expect((await balancesOf(owner)).balances[0]).toMatchObject({ isChangeExact: true });
    const statements = await statementsOf(app, async () => {
      const rest = await ask<Transactions>(owner, 'transactions', `&limit=20&cursor=${all.nextCursor ?? ''}`);
      expect(rest.items).toHaveLength(12);
    });
    expect(statements.filter((text) => text.includes('wallet_transfers_pending'))).toEqual([]);
  });
});

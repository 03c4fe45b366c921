import { OrphanedRowsCleanup } from '@countersign/wallet-history';
import { settleAttachments } from '../support/accounts';
import { anvilAccount, describeWithAnvil, useAnvil } from '../support/anvil';
import {
  ANVIL_CHAIN,
  aWalletOwner,
  balancesOf,
  chainsOf,
  changeOnChain,
  follow,
  followerOf,
  historyOf,
  storedIn,
  touchedOnChain,
  twice,
} from '../support/followed-wallets';
import { readExport } from '../support/export-schema';
import { withFollowers } from '../support/follower-replica';
import type { TestApp } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const ether = 10n ** 18n;

describeWithAnvil('final blocks', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'] });
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf(twice(anvil.url)) } }));
  const demo = useApplication(app, { origins: [SITE] });

  it('have a row for a wallet once something is stored of it, and the first block without one', async () => {
    await follow(app);
    const [quiet, paid] = [await aWalletOwner(app, demo), await aWalletOwner(app, demo)];
    const rows = async (): Promise<readonly object[]> =>
      app.database.query('SELECT wallet_id AS "walletId" FROM wallet_chains WHERE wallet_id = ANY($1)', [
        [quiet.walletId, paid.walletId],
      ]);
    const first = Number(await anvil.client.getBlockNumber({ cacheTime: 0 })) + 1;
    await anvil.mine(1);
    await follow(app);
    expect(await rows()).toEqual([]);

    await anvil.pay(paid.address, 5n);
    await anvil.mine(12);
    await follow(app);
    await withFollowers(app, follow);

    expect(await rows()).toEqual([{ walletId: paid.walletId }]);
    for (const owner of [quiet, paid]) {
      expect(await balancesOf(owner)).toMatchObject({ since: first, isComplete: true });
      const { sections } = readExport((await owner.session.get('/v1/me/export')).text);
      expect(sections['walletChains']?.items).toMatchObject([{ chainId: ANVIL_CHAIN, fromBlock: first }]);
    }
  });

  it('make history final once, and keep what vanished marked as such', async () => {
    const owner = await aWalletOwner(app, demo);
    await anvil.mine(10);
    await follow(app);
    const lost = await anvil.pay(owner.address, 1n);
    await follow(app);
    await anvil.reorg(1);
    const moved = await anvil.pay(owner.address, 2n);
    const raw = await anvil.request<`0x${string}`>('eth_getRawTransactionByHash', [moved.transactionHash]);
    await follow(app);
    await anvil.reorg(1, [[raw, 0]]);
    await anvil.mine(12);
    await follow(app);
    await anvil.pay(owner.address, 4n);
    await follow(app);

    const history = await historyOf(owner);
    expect(history.map(({ hash, status, isFinal }) => ({ hash, status, isFinal }))).toEqual([
      { hash: expect.any(String) as string, status: 'succeeded', isFinal: false },
      { hash: moved.transactionHash, status: 'succeeded', isFinal: true },
      { hash: lost.transactionHash, status: 'vanished', isFinal: false },
    ]);
    const { balances, finalBlock } = await balancesOf(owner);
    expect(balances[0]).toMatchObject({ change: '6', finalChange: '2', isChangeFinal: false, amount: null });
    const left = await app.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM wallet_transfers_pending WHERE block_number <= $1',
      [finalBlock],
    );
    expect(left).toEqual([{ count: 0 }]);
  });

  it('are the same for two replicas that follow at once', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await withFollowers(app, async (replica) => {
      for (let round = 0; round < 15; round += 1) {
        await anvil.pay(owner.address, BigInt(100 + round));
        // One round of each at a time, as their loops have it: two of one follower would blame an honest node.
        await Promise.all([app, replica].map((one) => followerOf(one).round()));
        // Now and then the one that holds the lease is silent for too long.
        if (round % 4 === 3) app.clock.advance(200);
      }
      await anvil.mine(12);
      await Promise.all([follow(app), follow(replica)]);
    });
    app.clock.advance(200);
    await follow(app);

    const { since } = await balancesOf(owner);
    const seen = (await historyOf(owner)).map(({ block, hash }) => `${block.hash} ${hash ?? ''}`);
    expect(seen.toReversed()).toEqual(await touchedOnChain(anvil, owner.address, since ?? 0));
    const live = (await historyOf(owner)).filter(({ status }) => status !== 'vanished');
    expect(live.every(({ isFinal }) => isFinal)).toBe(true);
    const { balances } = await balancesOf(owner);
    expect(BigInt(balances[0]?.change ?? '0')).toBe(await changeOnChain(anvil, owner.address, since ?? 0));
  });

  it('are never changed: below them it stops and says so', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await anvil.pay(owner.address, ether);
    await anvil.mine(12);
    await follow(app);
    const before = await storedIn(app);
    await anvil.reorg(14);
    await anvil.mine(2);

    await followerOf(app).round();
    await followerOf(app).round();

    const told = await balancesOf(owner);
    expect(told.state).toBe('stopped');
    expect(told.staleSince).not.toBeNull();
    expect(await storedIn(app)).toEqual(before);
    const [position] = await app.database.query('SELECT state, fault FROM chain_positions');
    expect(position).toEqual({ state: 'stopped', fault: 'lying: below_finality' });
  });
});

describeWithAnvil('a dump', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'] });
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf(twice(anvil.url)) } }));
  const demo = useApplication(app, { origins: [SITE] });

  async function everything(): Promise<string> {
    const tables = await app.database.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
    );
    const stored = await Promise.all(
      tables.map(({ name }) => app.database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)),
    );
    return stored
      .flat()
      .map(({ row }) => row.toLowerCase())
      .join('\n');
  }

  it('tells neither which addresses are followed nor what they did', async () => {
    const owner = await aWalletOwner(app, demo);
    const other = anvilAccount(7).address;
    await follow(app);
    const hashes = [];
    for (let round = 0; round < 6; round += 1) {
      const paid = await anvil.pay(owner.address, ether);
      const spent = await anvil.pay(other, 123_456_789n, { from: owner.account });
      hashes.push(paid.transactionHash, spent.transactionHash);
    }
    await anvil.mine(6);
    await follow(app);
    expect((await historyOf(owner)).some(({ isFinal }) => isFinal)).toBe(true);
    expect((await historyOf(owner)).some(({ isFinal }) => !isFinal)).toBe(true);

    const dump = await everything();

    for (const secret of [owner.address, other, ...hashes, '123456789'])
      expect(dump).not.toContain(secret.toLowerCase().replace(/^0x/, ''));
    // No digest of a block that is not final occurs in another one.
    const repeated = await app.database.query(
      'SELECT digest FROM wallet_transfers_pending GROUP BY digest HAVING count(DISTINCT block_hash) > 1',
    );
    expect(repeated).toEqual([]);
    const columns = await app.database.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns
       WHERE table_name IN ('wallet_transfers', 'wallet_assets') ORDER BY 1`,
    );
    expect([...new Set(columns.map(({ name }) => name))]).toEqual([
      'asset',
      'content',
      'digest',
      'entry',
      'is_collectible',
      'is_held',
      'is_hidden',
      'sequence',
    ]);
  });

  it('is what the export of the person is not', async () => {
    const owner = await aWalletOwner(app, demo);
    const other = anvilAccount(9).address.toLowerCase();
    await follow(app);
    await anvil.pay(owner.address, ether);
    const final = await anvil.pay(other as `0x${string}`, 777n, { from: owner.account });
    await anvil.mine(12);
    await follow(app);
    const pending = await anvil.pay(owner.address, 888n);
    await follow(app);

    const exported = await owner.session.get('/v1/me/export');

    const sections = (exported.body as { sections: Record<string, { items: object[] }> }).sections;
    expect(sections['walletChains']?.items).toMatchObject([{ counterparties: [other] }]);
    expect(sections['walletTransactions']?.items).toMatchObject([
      { isFinal: false, transaction: { hash: pending.transactionHash } },
      { isFinal: true, transaction: { hash: final.transactionHash }, transfers: [{ counterparty: other }] },
      { isFinal: true },
    ]);
    expect(sections['walletAssets']?.items).toMatchObject([{ standard: 'native', tokenId: null }]);
    expect(() => readExport(exported.text)).not.toThrow();
  });

  it('has nothing more of a wallet that was unlinked', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await anvil.pay(owner.address, ether);
    await anvil.mine(12);
    await follow(app);
    await anvil.pay(owner.address, ether);
    await follow(app);
    const count = async (): Promise<number> => {
      const [found] = await app.database.query<{ count: number }>(
        `SELECT ((SELECT count(*) FROM wallet_transfers) + (SELECT count(*) FROM wallet_assets)
           + (SELECT count(*) FROM wallet_transfers_pending))::int AS count`,
      );
      return found?.count ?? 0;
    };
    const with2 = await count();

    await settleAttachments(app);
    expect((await owner.session.delete(`/v1/wallets/${owner.walletId}`)).status).toBe(204);
    const removed = await removeRemains(app);

    expect(removed).toBe(2);
    expect(await count()).toBe(with2 - 3);
    await anvil.pay(owner.address, ether);
    await follow(app);
    expect(await count()).toBe(with2 - 3);
    expect((await owner.session.get(`/v1/wallets/${owner.walletId}/balances`)).status).toBe(404);
  });
});

describeWithAnvil('spam', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'] });
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf(twice(anvil.url)) } }));
  const demo = useApplication(app, { origins: [SITE] });

  it('is hidden, and told with its reason when it is asked for', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    const token = await anvil.deploy('HostileToken', ['Free money', 'ETH']);
    await anvil.write(token, 'logTransfer', [owner.address, anvilAccount(8).address, 0n]);
    await follow(app);

    expect(await historyOf(owner, 'limit=50')).toEqual([]);
    const [hidden] = await historyOf(owner);
    expect(hidden).toMatchObject({ isHidden: true, transfers: [{ hiddenReasons: ['zero_value_not_own'] }] });
  });

  it('is an address that looks like one that the wallet paid', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await anvil.pay(owner.address, ether);
    const friend = anvilAccount(6).address.toLowerCase();
    await anvil.pay(friend as never, 5n, { from: owner.account });
    await follow(app);
    const alike = `0x${friend.slice(2, 6)}${'0'.repeat(32)}${friend.slice(-4)}`;
    const token = await anvil.deploy('HostileToken', ['Free money', 'FREE']);
    await anvil.write(token, 'logTransfer', [alike, owner.address, 50n]);
    await follow(app);

    const [hidden] = await historyOf(owner);

    expect(hidden).toMatchObject({
      isHidden: true,
      transfers: [{ hiddenReasons: ['dust_from_look_alike'] }],
    });
  });

  it('hides no token that was shown before', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    const token = await anvil.deploy('TestErc20', ['Test', 'TST', 6]);
    await anvil.write(token, 'mint', [owner.address, 5n]);
    await anvil.mine(12);
    await follow(app);
    const { balances } = await balancesOf(owner);
    expect(balances.filter(({ isChangeFinal, isHidden }) => isChangeFinal && !isHidden)).toMatchObject([
      { standard: 'native' },
      { contract: token.address },
    ]);
    await anvil.write(token, 'transferFrom', [owner.address, anvilAccount(8).address, 0n]);
    await anvil.mine(12);
    await follow(app);

    const [hidden] = await historyOf(owner);
    expect(hidden).toMatchObject({
      isHidden: true,
      isFinal: true,
      transfers: [{ hiddenReasons: ['zero_value_not_own'] }],
    });
    expect((await balancesOf(owner)).balances).toEqual(balances);
  });
});

describe('a wallet without a followed chain', () => {
  const app = useTestApp();
  const demo = useApplication(app, { origins: [SITE] });

  it('is linked all the same, and told that nothing is known of its chain', async () => {
    const { session, walletId } = await aWalletOwner(app, demo);

    const { status, body } = await session.get(`/v1/wallets/${walletId}/balances`);

    expect({ status, body: body as unknown }).toEqual({
      status: 200,
      body: { chains: [], notFollowed: [{ chainId: 'eip155:1', reason: 'not_configured' }] },
    });
    const history = await session.get(`/v1/wallets/${walletId}/transactions?chainId=eip155:1`);
    expect([history.status, (history.body as { code: string }).code]).toEqual([
      404,
      'wallet.chain_not_followed',
    ]);
  });

  it('is nobody else’s', async () => {
    const { walletId } = await aWalletOwner(app, demo);
    const other = await aWalletOwner(app, demo);

    for (const part of [
      'balances',
      `transactions?chainId=${ANVIL_CHAIN}`,
      `collectibles?chainId=${ANVIL_CHAIN}`,
    ])
      expect((await other.session.get(`/v1/wallets/${walletId}/${part}`)).status).toBe(404);
  });
});

function removeRemains(app: TestApp): Promise<number> {
  return app.nest.get(OrphanedRowsCleanup).run();
}

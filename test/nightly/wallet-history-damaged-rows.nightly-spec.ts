import { describeWithAnvil, useAnvil } from '../support/anvil';
import { readExport } from '../support/export-schema';
import {
  ANVIL_CHAIN,
  aWalletOwner,
  balancesOf,
  chainsOf,
  follow,
  historyOf,
  type WalletOwner,
} from '../support/followed-wallets';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

interface Page {
  readonly chain: { readonly hasGap: boolean; readonly omittedTransfers: number };
  readonly items: readonly { readonly hash?: string }[];
  readonly nextCursor: string | null;
}

describeWithAnvil('a row of a history that cannot be opened', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'] });
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf([anvil.url]) } }));
  const demo = useApplication(app, { origins: [SITE] });
  beforeEach(() => app.database.query('DELETE FROM wallet_transfers'));
  beforeEach(() => app.database.query('DELETE FROM wallet_tallies'));

  async function ask({ session, walletId }: WalletOwner, part: string, query = ''): Promise<Page> {
    const path = `/v1/wallets/${walletId}/${part}?chainId=${ANVIL_CHAIN}&includeHidden=true${query}`;
    return (await session.get(path).expect(200)).body as Page;
  }

  it('hides no other page, and makes hasGap true', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    const hashes: string[] = [];
    for (let count = 0; count < 6; count += 1)
      hashes.unshift((await anvil.pay(owner.address, 2n)).transactionHash);
    await anvil.mine(12);
    await follow(app);
    expect((await historyOf(owner)).map(({ hash }) => hash)).toEqual(hashes);
    await app.database.query(
      `UPDATE wallet_transfers t SET content = o.content FROM wallet_transfers o
       WHERE o.digest = t.digest AND o.sequence = 1 AND t.sequence = 3`,
    );

    const first = await ask(owner, 'transactions', '&limit=2');
    const second = await ask(owner, 'transactions', `&limit=2&cursor=${first.nextCursor ?? ''}`);
    const third = await ask(owner, 'transactions', `&limit=2&cursor=${second.nextCursor ?? ''}`);

    const pages = [first, second, third];
    expect(pages.map(({ items }) => items.map(({ hash }) => hash))).toEqual([
      hashes.slice(0, 2),
      hashes.slice(2, 3),
      hashes.slice(4),
    ]);
    expect(pages.map(({ chain }) => chain.hasGap)).toEqual([false, true, false]);
    expect(third.nextCursor).toBeNull();
    const { text } = await owner.session.get('/v1/me/export').expect(200);
    expect(readExport(text).sections['walletTransactions']?.items).toHaveLength(5);
  });

  it('makes hasGap true where it counts what is not stored', async () => {
    const token = await anvil.deploy('TestErc20', ['Test', 'TST', 6]);
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await anvil.write(token, 'mint', [owner.address, 5n]);
    await anvil.mine(12);
    await follow(app);
    const before = await balancesOf(owner);
    expect(before.hasGap).toBe(false);
    expect(before.balances.map(({ isChangeExact }) => isChangeExact)).toEqual([null, null]);
    await app.database.query(`UPDATE wallet_tallies SET content = content || 'x'`);

    const balances = await balancesOf(owner);

    expect(balances).toMatchObject({ hasGap: true, balances: [{ change: '0' }, { change: '5' }] });
    expect(balances.balances.map(({ isChangeExact }) => isChangeExact)).toEqual([false, false]);
    for (const part of ['transactions', 'collectibles'])
      expect((await ask(owner, part)).chain).toMatchObject({ hasGap: true, omittedTransfers: 0 });
    const { text } = await owner.session.get('/v1/me/export').expect(200);
    expect(readExport(text).sections['walletChains']?.items).toMatchObject([{ hasGap: true }]);
  });
});

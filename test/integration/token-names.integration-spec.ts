import { DAY } from '@countersign/clock';
import { TokenNameAsker, TokenNamesUpkeep } from '@countersign/wallet-history';
import { describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { useFakeNode } from '../support/fake-node';
import {
  aWalletOwner,
  balancesOf,
  chainsOf,
  collectiblesOf,
  follow,
  historyOf,
  type WalletOwner,
} from '../support/followed-wallets';
import { withFollowers } from '../support/follower-replica';
import type { TestApp } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

describeWithAnvil('names of tokens that are not listed', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'] });
  const node = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({
    environment: {
      CHAINS: chainsOf([node.url], { mayNameAddresses: true, backfillBlocks: 0 }),
    },
  }));
  const demo = useApplication(app, { origins: [SITE] });

  /** With one transfer of each token, final or not. */
  async function anOwnerOf(tokens: readonly Deployed[], blocks = 0): Promise<WalletOwner> {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    for (const token of tokens) await anvil.write(token, 'mint', [owner.address, 500n]);
    if (blocks > 0) await anvil.mine(blocks);
    await withFollowers(app, follow);
    return owner;
  }

  const hostile = (name: string, symbol: string): Promise<Deployed> =>
    anvil.deploy('HostileToken', [name, symbol]);

  /** What is seen is wanted, and asked by the replica that was asked for it. */
  async function learn(owner: WalletOwner, replica: TestApp = app): Promise<number> {
    await historyOf(owner);
    let stored = 0;
    for (let round = 0; round < 3; round += 1) stored += await replica.nest.get(TokenNameAsker).round();
    return stored;
  }

  const reasonsOf = async (owner: WalletOwner, query?: string): Promise<readonly string[][]> =>
    (await historyOf(owner, query)).map(({ transfers }) => [...(transfers[0]?.hiddenReasons ?? [])]);

  it('are told as what contracts claim, without what is not seen', async () => {
    const plain = await anvil.deploy('TestErc20', ['Plain Coin', 'PLN', 6]);
    const sly = await hostile('Na\u202eme\u200b\u0000 of\n all', 'S\u2066LY\ufeff');
    const long = await hostile('x'.repeat(300), '<img src=x>');
    const owner = await anOwnerOf([plain, sly, long]);
    expect((await balancesOf(owner)).balances.map(({ claimed }) => claimed)).toEqual([
      null,
      null,
      null,
      null,
    ]);

    expect(await learn(owner)).toBe(3);

    const { balances } = await balancesOf(owner);
    expect(balances.slice(1)).toMatchObject([
      {
        symbol: null,
        decimals: null,
        isListed: false,
        claimed: { symbol: 'PLN', name: 'Plain Coin', decimals: 6 },
      },
      { claimed: { symbol: 'SLY', name: 'Name of all', decimals: null } },
      { claimed: { symbol: '<img src=x>', name: null, decimals: null } },
    ]);
    expect(balances[0]).toMatchObject({ symbol: 'ETH', claimed: null });
    const [last] = await historyOf(owner);
    expect(last?.transfers).toMatchObject([{ claimed: { symbol: '<img src=x>' } }]);
    // Nothing is asked twice.
    expect(await learn(owner)).toBe(0);
  });

  it('stop no answer where a row is damaged, and are asked again', async () => {
    const token = await anvil.deploy('TestErc20', ['Plain Coin', 'PLN', 6]);
    const owner = await anOwnerOf([token]);
    expect(await learn(owner)).toBe(1);
    await app.database.query(`UPDATE token_names SET content = content || 'x'`);
    await anvil.write(token, 'mint', [owner.address, 7n]);
    await withFollowers(app, follow);

    expect((await balancesOf(owner)).balances[1]).toMatchObject({ change: '507', claimed: null });
    await learn(owner);
    expect((await balancesOf(owner)).balances[1]).toMatchObject({ claimed: { symbol: 'PLN' } });
  });

  it('hide counterfeits and advertisements, also of transfers that were stored before', async () => {
    const fake = await hostile('Ether', 'ЕТH');
    const advert = await hostile('Visit win.example to claim', 'WIN');
    const owner = await anOwnerOf([fake, advert], 12);
    expect(await reasonsOf(owner)).toEqual([[], []]);
    expect((await historyOf(owner, 'limit=1')).length).toBe(2);

    await learn(owner);

    expect(await reasonsOf(owner)).toEqual([['advertising_name'], ['counterfeit_symbol']]);
    expect(await historyOf(owner, 'limit=1')).toEqual([]);
    const { balances } = await balancesOf(owner);
    expect(balances.map(({ isHidden }) => isHidden)).toEqual([false, true, true]);
    // Those that come later are stored as hidden.
    await anvil.write(fake, 'mint', [owner.address, 7n]);
    await anvil.mine(12);
    await withFollowers(app, follow);
    const [row] = await app.database.query<{ hidden: number }>(
      'SELECT count(*)::int AS hidden FROM wallet_transfers WHERE is_hidden',
    );
    expect(row?.hidden).toBe(1);
  });

  it('hide collectibles that advertise', async () => {
    const owner = await aWalletOwner(app, demo);
    await withFollowers(app, follow);
    const art = await anvil.deploy('TestErc721');
    await anvil.write(art, 'mint', [owner.address, 1n]);
    await withFollowers(app, follow);
    node.lie('eth_call', (params: readonly unknown[], truth: () => Promise<unknown>) => {
      const { data } = params[0] as { data: string };
      const words = [32n, 15n].map((each) => each.toString(16).padStart(64, '0')).join('');
      const text = Buffer.from('claim at win.me').toString('hex').padEnd(64, '0');
      return data === '0x06fdde03' ? `0x${words}${text}` : truth();
    });

    expect(await collectiblesOf(owner)).toMatchObject([{ isHidden: false, claimed: null }]);
    await app.nest.get(TokenNameAsker).round();

    expect(await collectiblesOf(owner)).toMatchObject([
      { isHidden: true, claimed: { name: 'claim at win.me' } },
    ]);
  });

  it('are asked with little gas, a few at a time, and again where no node answered', async () => {
    const tokens = [];
    for (let index = 0; index < 7; index += 1) tokens.push(await hostile(`Token ${index}`, `T${index}`));
    const owner = await anOwnerOf(tokens);
    node.goAway();
    await historyOf(owner);
    expect(await app.nest.get(TokenNameAsker).round()).toBe(0);
    node.recover();
    await historyOf(owner);

    const stored = [];
    for (let round = 0; round < 3; round += 1) stored.push(await app.nest.get(TokenNameAsker).round());

    expect(stored).toEqual([5, 2, 0]);
    const calls = node.requests.filter(({ method }) => method === 'eth_call');
    for (const { params } of calls) expect(params).toMatchObject([{ gas: '0x186a0' }, 'latest']);
    expect(calls.filter(({ params }) => JSON.stringify(params).includes(owner.address.slice(2)))).toEqual([]);
  });

  it('stay out of a dump, and are forgotten after a month', async () => {
    const token = await hostile('Forgettable', 'FGT');
    const owner = await anOwnerOf([token]);
    expect(await learn(owner)).toBe(1);

    const rows = await app.database.query<{ row: string }>(
      `SELECT n::text AS row FROM token_names n UNION ALL SELECT k::text FROM token_name_keys k`,
    );
    const dump = rows.map(({ row }) => row.toLowerCase()).join('\n');
    expect(dump).not.toContain(token.address.slice(2).toLowerCase());
    expect(dump).not.toContain('forgettable');

    const upkeep = app.nest.get(TokenNamesUpkeep);
    expect(await upkeep.run()).toBe(0);
    app.clock.advance((31 * DAY) / 1_000);
    expect(await upkeep.run()).toBe(rows.length - 1);
  });
});

describeWithAnvil('nodes that may not learn addresses', () => {
  const anvil = useAnvil();
  const node = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf([node.url]) } }));
  const demo = useApplication(app, { origins: [SITE] });

  it('are asked for no names of tokens', async () => {
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    const token = await anvil.deploy('TestErc20', ['Visit win.example', 'ETH', 6]);
    await anvil.write(token, 'mint', [owner.address, 500n]);
    await follow(app);
    await historyOf(owner);

    expect(await app.nest.get(TokenNameAsker).round()).toBe(0);

    expect(node.methods()).not.toContain('eth_call');
    expect((await balancesOf(owner)).balances[1]).toMatchObject({ claimed: null, isHidden: false });
  });
});

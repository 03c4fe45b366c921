import { HistoryLimits } from '@countersign/wallet-history';
import { anvilAccount, describeWithAnvil, useAnvil } from '../support/anvil';
import {
  aWalletOwner,
  balancesOf,
  chainsOf,
  changeOnChain,
  follow,
  followerOf,
  historyOf,
  touchedOnChain,
  type WalletOwner,
  twice,
} from '../support/followed-wallets';
import { statementsOf } from '../support/statement-count';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const FINAL_ROWS = 20;

describeWithAnvil('many rows that become final', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '4'] });
  const app = useTestApp(() => ({ environment: { CHAINS: chainsOf(twice(anvil.url)) } }));
  const demo = useApplication(app, { origins: [SITE] });

  /** One block. */
  async function payOften({ address: to }: WalletOwner, count: number): Promise<void> {
    await anvil.request('evm_setAutomine', [false]);
    for (let index = 0; index < count; index += 1)
      await anvil.client.sendTransaction({ to, value: 1n, account: anvilAccount(0), gas: 21_000n });
    await anvil.mine(1);
    await anvil.request('evm_setAutomine', [true]);
  }

  async function expectAll(owner: WalletOwner, count: number): Promise<void> {
    const { since, balances } = await balancesOf(owner);
    const history = await historyOf(owner);
    const seen = history.map(({ block, hash }) => `${block.hash} ${hash ?? ''}`);
    expect(seen).toHaveLength(count);
    expect(seen.toReversed()).toEqual(await touchedOnChain(anvil, owner.address, since ?? 0));
    expect(history.every(({ isFinal }) => isFinal)).toBe(true);
    expect(balances[0]).toMatchObject({ change: String(count), finalChange: String(count) });
    expect(BigInt(count)).toBe(await changeOnChain(anvil, owner.address, since ?? 0));
  }

  it('are read in parts, also those of one block', async () => {
    app.nest.get(HistoryLimits).finalRows = FINAL_ROWS;
    const [owner, other] = [await aWalletOwner(app, demo), await aWalletOwner(app, demo)];
    await follow(app);
    await payOften(owner, 55);
    for (let block = 0; block < 4; block += 1) await payOften(other, 9);
    await follow(app);
    await anvil.mine(12);

    const statements = await statementsOf(app, () => follow(app));

    const pages = statements.filter((text) => text.includes('position LIMIT')).length;
    const moves = statements.filter((text) => text.includes('SET final_number')).length;
    // 20, 20 and 15 of one block, twice 18 of two blocks, and blocks that have none.
    expect({ pages, moves }).toEqual({ pages: 6, moves: 4 });
    await expectAll(owner, 55);
    await expectAll(other, 36);
  });

  it('are neither lost nor doubled when the process ends among them', async () => {
    app.nest.get(HistoryLimits).finalRows = FINAL_ROWS;
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await payOften(owner, 15);
    await payOften(owner, 15);
    await payOften(owner, 45);
    await follow(app);
    await anvil.mine(12);
    // In the second part of the last of the blocks.
    await app.database.query(
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''it ends here''; END';
       CREATE TRIGGER fails BEFORE INSERT ON wallet_transfers FOR EACH ROW WHEN (NEW.sequence = 55)
         EXECUTE FUNCTION fail()`,
    );
    await followerOf(app).round();

    const [stored] = await app.database.query<{ pending: number; final: number; astray: number }>(
      `SELECT (SELECT count(*)::int FROM wallet_transfers_pending) AS pending,
         (SELECT count(*)::int FROM wallet_transfers_pending, chain_positions
          WHERE block_number <= final_number) AS astray`,
    );
    expect(stored).toEqual({ pending: 45, astray: 0 });
    expect((await balancesOf(owner)).balances[0]).toMatchObject({ change: '75', finalChange: '30' });
    await app.database.query('DROP TRIGGER fails ON wallet_transfers; DROP FUNCTION fail()');
    await followerOf(app).release();
    await app.withReplica(follow);

    await expectAll(owner, 75);
  });

  it('keep one transaction that vanished from two blocks', async () => {
    const owner = await aWalletOwner(app, demo);
    await anvil.mine(10);
    await follow(app);
    const lost = await anvil.pay(owner.address, 1n);
    const raw = await anvil.request<`0x${string}`>('eth_getRawTransactionByHash', [lost.transactionHash]);
    await follow(app);
    await anvil.reorg(1);
    await anvil.mine(1);
    await follow(app);
    await anvil.reorg(1, [[raw, 0]]);
    await follow(app);
    await anvil.reorg(1);
    for (let block = 0; block < 14; block += 1) {
      await anvil.mine(1);
      await follow(app);
    }

    expect((await balancesOf(owner)).state).toBe('following');
    const history = await historyOf(owner);
    expect(history).toMatchObject([{ hash: lost.transactionHash, status: 'vanished', isFinal: false }]);
  });
});

describeWithAnvil('a chain of fast blocks that are final late', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '540'] });
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsOf(twice(anvil.url), { blockTimeMs: 250 }) },
  }));
  const demo = useApplication(app, { origins: [SITE] });

  async function mine(count: number): Promise<void> {
    for (let mined = 0; mined < count; mined += 100) await anvil.mine(100);
  }

  it('becomes final, also 1,080 blocks later', async () => {
    await mine(1_100);
    await follow(app);
    const owner = await aWalletOwner(app, demo);
    await follow(app);
    await anvil.pay(owner.address, 7n);
    await mine(1_000);
    await follow(app);
    expect(await historyOf(owner)).toMatchObject([{ isFinal: false }]);

    await mine(200);
    await follow(app);

    const { number } = await anvil.client.getBlock({ blockTag: 'finalized' });
    const head = Number(await anvil.client.getBlockNumber({ cacheTime: 0 }));
    expect(head - Number(number)).toBe(1_080);
    expect(await balancesOf(owner)).toMatchObject({
      finalBlock: Number(number),
      balances: [{ finalChange: '7', isChangeFinal: true }],
    });
    expect(await historyOf(owner)).toMatchObject([{ isFinal: true }]);
  });
});

import { beginCell, toNano, type Address } from '@ton/core';
import { settleAttachments } from '../support/accounts';
import { rowsThatHold } from '../support/rows-that-hold';
import { useTonApi } from '../support/ton/ton-api';
import { TonNetwork } from '../support/ton/ton-network';
import {
  aTonOwner,
  shownTon,
  TON,
  tonBalancesOf,
  tonChains,
  tonHistoryOf,
  type TonOwner,
  useDollars,
} from '../support/ton/ton-owner';
import { SITE } from '../support/wallets';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('balances of a TON wallet', () => {
  const network = useFixture(() => TonNetwork.create());
  const [first, second] = [useTonApi(network), useTonApi(network)];
  const { dollar, forged, tokens } = useDollars(network);
  const app = useTestApp(() => ({
    environment: { CHAINS: tonChains([first, second], { tokens: tokens() }) },
  }));
  const demo = useApplication(app, { origins: [SITE] });

  describe('with all that is asked about it,', () => {
    /** Somebody who has looked at what the wallet has. */
    async function anOwner() {
      const owner = await aTonOwner(app, demo);
      await network.pay(owner.address, toNano('1'), { body: 'order 5150' });
      await network.mint(dollar, owner.address, 2_500_000n);
      const seen = [await tonBalancesOf(owner), await tonHistoryOf(owner)] as const;
      expect(seen[1]).toHaveLength(2);
      return { owner, seen };
    }

    it('is nowhere in the database, in no event, and in no record of the audit trail', async () => {
      const { owner, seen } = await anOwner();
      const [, history] = seen;
      const counterparties = history.flatMap(({ transfers }) =>
        transfers.flatMap((one) => one.counterparty ?? []),
      );
      const hashes = history.map(({ hash }) => hash);
      const { address } = owner;

      const texts = ['order 5150', ...hashes, ...counterparties, address.toRawString(), shownTon(address)];
      expect(await rowsThatHold(app.database, texts)).toEqual([]);
    });

    it.each([
      [
        'is unlinked',
        404,
        async ({ session, walletId }: TonOwner) => session.delete(`/v1/wallets/${walletId}`),
      ],
      ['is erased', 401, async ({ session }: TonOwner) => session.delete(`/v1/me?confirm=${session.userId}`)],
    ])('is answered no longer, and asked for no longer, once it %s', async (_, status, end) => {
      const { owner } = await anOwner();
      await settleAttachments(app);
      expect((await end(owner)).status).toBeLessThan(300);
      await app.catchUp();
      for (const api of [first, second]) api.asked.length = 0;

      for (const path of ['balances', `transactions?chainId=${TON}`, `collectibles?chainId=${TON}`])
        expect((await owner.session.get(`/v1/wallets/${owner.walletId}/${path}`)).status).toBe(status);

      expect([...first.asked, ...second.asked]).toEqual([]);
    });
  });

  it('are those that two endpoints say', async () => {
    const owner = await aTonOwner(app, demo);
    await network.deploy(owner);
    await network.mint(dollar, owner.address, 2_500_000n);
    const coins = String(await network.balanceOf(owner.address));

    const chain = await tonBalancesOf(owner);

    expect(chain).toMatchObject({
      chainId: TON,
      name: 'ton',
      staleSince: null,
      hasHistory: true,
      asOfBlock: { number: network.block },
    });
    const known = { amountReason: null, verification: 'agreed', isListed: true };
    expect(chain.balances).toMatchObject([
      { standard: 'native', contract: null, symbol: 'GRAM', decimals: 9, amount: coins, ...known },
      {
        ...{ standard: 'tep74', contract: shownTon(dollar.address), symbol: 'USDT', decimals: 6 },
        ...{ amount: '2500000', ...known },
      },
    ]);
  });

  it('are zero where both say that there is no account', async () => {
    const owner = await aTonOwner(app, demo, 'v5r1');

    const { balances } = await tonBalancesOf(owner);

    expect(balances).toMatchObject([
      { amount: '0', verification: 'agreed' },
      { amount: '0', verification: 'agreed' },
    ]);
  });

  it('have no jetton of the same name that the operator does not list', async () => {
    const owner = await aTonOwner(app, demo);
    await network.mint(forged, owner.address, 9_000_000n);

    const { balances } = await tonBalancesOf(owner);

    expect(balances).toMatchObject([{ standard: 'native' }, { symbol: 'USDT', amount: '0' }]);
    expect(balances).toHaveLength(2);
  });

  it.each<[string, string, (truth: never) => unknown, number]>([
    [
      'the coins',
      'getAddressInformation',
      (truth: { balance: string }) => ({ ...truth, balance: String(BigInt(truth.balance) + 1n) }),
      0,
    ],
    [
      'the jettons',
      'runGetMethod',
      (truth: { stack: unknown[] }) =>
        truth.stack.length === 4 ? { ...truth, stack: [['num', '0xffff'], ...truth.stack.slice(1)] } : truth,
      1,
    ],
  ])('are not known where one of two lies about %s', async (_, method, lie, index) => {
    const owner = await aTonOwner(app, demo);
    await network.deploy(owner);
    await network.mint(dollar, owner.address, 7n);
    second.lie(method, lie);

    const { balances } = await tonBalancesOf(owner);

    const unknown = { amount: null, amountReason: 'differ', verification: 'none' };
    expect(balances[index]).toMatchObject(unknown);
    expect(balances[1 - index]).toMatchObject({ amountReason: null, verification: 'agreed' });
  });

  it('count no jettons of a wallet that only one of two names', async () => {
    const owner = await aTonOwner(app, demo);
    await network.mint(dollar, owner.address, 7n);
    const other = await network.walletOf(forged, owner.address);
    second.lie('runGetMethod', (truth: { stack: unknown[] }) =>
      truth.stack.length === 1 ? { ...truth, stack: [['cell', { bytes: addressBoc(other) }]] } : truth,
    );

    expect((await tonBalancesOf(owner)).balances[1]).toMatchObject({ amount: null, amountReason: 'differ' });
  });

  it.each<[string, () => void]>([
    ['is gone', () => second.goAway()],
    ['wants fewer requests', () => second.respond(429, '{"ok":false,"error":"Ratelimit exceed","code":429}')],
    ['answers nothing of use', () => second.respond(200, '{"ok":true,"result":{"balance":"many"}}')],
  ])('are not known while one of two %s', async (_, fail) => {
    const owner = await aTonOwner(app, demo);
    fail();

    const chain = await tonBalancesOf(owner);

    expect(chain).toMatchObject({ staleSince: expect.any(String) as string });
    for (const balance of chain.balances)
      expect(balance).toMatchObject({ amount: null, amountReason: 'away', verification: 'none' });
  });

  it('name nothing of the address, of keys or of URLs in logs and metrics', async () => {
    const owner = await aTonOwner(app, demo);
    second.goAway();
    await tonBalancesOf(owner);

    const { text } = await app.gateway.get('/metrics');
    expect(text).toContain('countersign_chain_nodes_down{chain="ton:-239"} 1');
    const seen = app.logLines.join('\n') + text;
    for (const secret of [owner.address.toRawString(), shownTon(owner.address), first.origin])
      expect(seen).not.toContain(secret);
  });
});

describe('balances of a TON wallet with one endpoint', () => {
  const network = useFixture(() => TonNetwork.create());
  const api = useTonApi(network);
  const app = useTestApp(() => ({ environment: { CHAINS: tonChains([api], { indexers: [] }) } }));
  const demo = useApplication(app, { origins: [SITE] });

  it('are the word of one, and nothing more is known', async () => {
    const owner = await aTonOwner(app, demo);
    await network.pay(owner.address, toNano('3'));

    const chain = await tonBalancesOf(owner);

    expect(chain).toMatchObject({ hasHistory: false, isComplete: false, staleSince: null });
    expect(chain.balances).toMatchObject([{ amount: '3000000000', verification: 'single' }]);
    expect(
      (await owner.session.get(`/v1/wallets/${owner.walletId}/transactions?chainId=${TON}`)).body,
    ).toMatchObject({ code: 'wallet.chain_not_followed', status: 404 });
  });
});

function addressBoc(address: Address): string {
  return beginCell().storeAddress(address).endCell().toBoc().toString('base64');
}

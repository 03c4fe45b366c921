import { beginCell, toNano } from '@ton/core';
import { useTonApi, type TonLie } from '../support/ton/ton-api';
import { TonNetwork, type Token } from '../support/ton/ton-network';
import { aTonOwner, TON, tonChains, tonHistoryOf, tonPageOf, type TonOwner } from '../support/ton/ton-owner';
import type { TransactionV3 } from '../support/ton/toncenter-answers';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

interface Truth {
  readonly transactions: readonly TransactionV3[];
}

const change =
  (work: (transactions: readonly TransactionV3[]) => readonly object[]): TonLie =>
  ({ transactions }: Truth) => ({ transactions: work(transactions) });

const edit = (fields: object): TonLie => change((truth) => truth.map((one) => ({ ...one, ...fields })));

describe('one of two indexers of TON', () => {
  const network = useFixture(() => TonNetwork.create());
  const first = useTonApi(network);
  const second = useTonApi(network);
  const app = useTestApp(() => ({ environment: { CHAINS: tonChains([first, second]) } }));
  const demo = useApplication(app, { origins: [SITE] });
  const ask = ({ session, walletId }: TonOwner) =>
    session.get(`/v1/wallets/${walletId}/transactions?chainId=${TON}&limit=1`);

  it.each<[string, TonLie]>([
    ['the block', edit({ mc_block_seqno: 4_000_000_000 })],
    ['an old block', edit({ mc_block_seqno: 1 })],
    ['the time', edit({ now: 4_000_000_000 })],
    ['the order', edit({ lt: '1' })],
    ['the hash', edit({ hash: Buffer.alloc(32, 7).toString('base64') })],
    ['the fees', edit({ total_fees: '7' })],
    ['whether it failed', edit({ description: { aborted: true, compute_ph: { success: false } } })],
    ['that it is of an emulation', edit({ emulated: true })],
    [
      'the sender',
      change((truth) => truth.map((one) => ({ ...one, in_msg: { ...one.in_msg, source: null } }))),
    ],
    [
      'that it came back',
      change((truth) => truth.map((one) => ({ ...one, in_msg: { ...one.in_msg, bounced: true } }))),
    ],
    ['what was sent', change((truth) => truth.map((one) => ({ ...one, out_msgs: [one.in_msg] })))],
  ])('makes nothing final, and confirms nothing, by another word about %s', async (title, lie) => {
    const owner = await aTonOwner(app, demo);
    await network.pay(owner.address, toNano('1'));
    const liars = title === 'the hash' ? [first, second] : [second];
    for (const liar of liars) {
      liar.lie('transactions', lie);

      const { chain, items } = await tonPageOf(owner);

      expect(chain.isComplete).toBe(false);
      expect(items.length).toBeGreaterThan(0);
      for (const item of items)
        expect(item).toMatchObject({ verification: 'single', isFinal: false, confirmations: 0 });
      liar.recover();
    }
  });

  it('loses no transaction by saying that it is an older one', async () => {
    const owner = await aTonOwner(app, demo);
    for (const amount of [1n, 2n, 3n]) await network.pay(owner.address, amount);
    const all = await tonHistoryOf(owner);
    for (const liar of [first, second]) {
      liar.lie(
        'transactions',
        change((truth) => truth.map((one, at) => (at === 1 ? { ...one, lt: '1' } : one))),
      );

      const { chain, items } = await tonPageOf(owner, '&limit=2');

      expect(items.map(({ hash }) => hash)).toEqual([all[0]?.hash, all[1]?.hash]);
      expect(items[1]).toMatchObject({ block: all[1]?.block, verification: 'single', isFinal: false });
      expect(chain.isComplete).toBe(false);
      liar.recover();
    }
  });

  const odd: readonly (readonly [string, (one: TransactionV3) => unknown])[] = [
    ['null', () => null],
    ['with a logical time of zero', (one) => ({ ...one, lt: '0' })],
  ];
  it.each(odd)('leave a transaction out that is %s, and are not complete', async (_, oddOne) => {
    const owner = await aTonOwner(app, demo);
    for (const amount of [1n, 2n, 3n, 4n]) await network.pay(owner.address, amount);
    const [newest, , , oldest] = await tonHistoryOf(owner);
    const isOdd = ({ hash }: TransactionV3): boolean =>
      ![newest, oldest].some((one) => one?.hash === Buffer.from(hash, 'base64').toString('hex'));
    for (const api of [first, second])
      api.lie(
        'transactions',
        change((truth) => truth.map((one) => (isOdd(one) ? (oddOne(one) as object) : one))),
      );

    expect(await tonPageOf(owner)).toMatchObject({
      ...{ chain: { isComplete: false }, nextCursor: null },
      items: [newest, oldest].map((one) => ({ ...one, verification: 'agreed', isFinal: true })),
    });
    // Also where a page is shorter than the ones that are left out.
    expect(await tonHistoryOf(owner, 1)).toMatchObject([{ hash: newest?.hash }, { hash: oldest?.hash }]);
    second.recover();
    expect(await tonPageOf(owner)).toMatchObject({
      chain: { isComplete: false },
      items: [{ isFinal: true }, { isFinal: false }, { isFinal: false }, { isFinal: true }],
    });
  });

  it('list nothing and are not complete where no transaction can be read', async () => {
    const owner = await aTonOwner(app, demo);
    for (const amount of [1n, 2n]) await network.pay(owner.address, amount);
    for (const api of [first, second]) api.lie('transactions', edit({ lt: '0' }));

    expect((await ask(owner)).body).toMatchObject({
      ...{ chain: { isComplete: false }, items: [], nextCursor: null },
    });
  });
});

describe('jettons of a wallet that the only endpoint names', () => {
  const network = useFixture(() => TonNetwork.create());
  const node = useTonApi(network);
  const first = useTonApi(network);
  const second = useTonApi(network);
  let dollar: Token;
  let forged: Token;
  const app = useTestApp(async () => {
    dollar = await network.jetton('USDT');
    forged = await network.jetton('USDT');
    for (const token of [dollar, forged]) await network.mint(token, network.treasury.address, 1_000_000n);
    const tokens = [{ address: dollar.address.toRawString(), symbol: 'USDT', decimals: 6 }];
    const indexers = [first, second].map(({ indexerUrl }) => ({ url: indexerUrl }));
    return { environment: { CHAINS: tonChains([node], { tokens, indexers }) } };
  });
  const demo = useApplication(app, { origins: [SITE] });

  it('are its word alone, whatever two indexers list of that wallet', async () => {
    const owner = await aTonOwner(app, demo);
    await network.pay(owner.address, toNano('1'));
    await network.payJetton(forged, owner.address, 999_999n);
    const other = await network.walletOf(forged, owner.address);
    const bytes = beginCell().storeAddress(other).endCell().toBoc().toString('base64');
    node.lie('runGetMethod', (truth: object) => ({ ...truth, stack: [['cell', { bytes }]] }));

    const { chain, items } = await tonPageOf(owner);

    expect(chain.isComplete).toBe(false);
    const jettons = items.filter(({ transfers }) => transfers.some(({ standard }) => standard === 'tep74'));
    expect(jettons).toMatchObject([{ verification: 'single', isFinal: false, confirmations: 0 }]);
    expect(items.filter((item) => !jettons.includes(item))).toMatchObject([
      { verification: 'agreed', isFinal: true },
    ]);
  });
});

import { randomBytes } from 'node:crypto';
import { Address, beginCell, toNano } from '@ton/core';
import { expectProblem } from '../support/expect-problem';
import { useTonApi, type TonLie } from '../support/ton/ton-api';
import { jettonTransfer, messageTo, OPS, textBody, TonNetwork } from '../support/ton/ton-network';
import {
  aTonOwner,
  shownTon,
  sumOf,
  TON,
  tonBalancesOf,
  tonChains,
  tonHistoryOf,
  tonPageOf,
  type TonOwner,
  useDollars,
} from '../support/ton/ton-owner';
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

describe('transactions of a TON wallet', () => {
  const network = useFixture(() => TonNetwork.create());
  const [first, second] = [useTonApi(network), useTonApi(network)];
  const { dollar, forged, tokens } = useDollars(network);
  const app = useTestApp(async () => {
    for (const token of [dollar, forged]) await network.mint(token, network.treasury.address, 1_000_000_000n);
    return { environment: { CHAINS: tonChains([first, second], { tokens: tokens() }) } };
  });
  const demo = useApplication(app, { origins: [SITE] });
  const treasury = (): string => shownTon(network.treasury.address);

  const expectSums = async (owner: TonOwner): Promise<void> => {
    const entries = await tonHistoryOf(owner);
    const { balances } = await tonBalancesOf(owner);
    expect(String(sumOf(entries, null))).toBe(String(await network.balanceOf(owner.address)));
    expect(String(sumOf(entries, shownTon(dollar.address)))).toBe(balances[1]?.amount);
  };

  describe('by the word of one of two indexers', () => {
    const edited = (body: string) => ({ body: textBody(body).toBoc().toString('base64') });
    const inMessage = (fields: object): TonLie =>
      change((truth) => truth.map((one) => ({ ...one, in_msg: one.in_msg && { ...one.in_msg, ...fields } })));
    const invent = ([truth]: readonly TransactionV3[]) => {
      const hash = Buffer.alloc(32, 7).toString('base64');
      return { ...(truth as TransactionV3), hash, lt: String(BigInt(truth?.lt ?? '0') + 1n) };
    };
    it.each<[string, TonLie, number?]>([
      ['the block', edit({ mc_block_seqno: 4_000_000_000 })],
      ['the time', edit({ now: 4_000_000_000 })],
      ['the order', edit({ lt: '1' }), 2],
      ['the hash', edit({ hash: Buffer.alloc(32, 7).toString('base64') }), 2],
      ['the fees', edit({ total_fees: '7' })],
      ['the amount', inMessage({ value: '99000000000' })],
      ['the comment', inMessage({ message_content: edited('order 78') })],
      ['the sender', inMessage({ source: null })],
      ['that it came back', inMessage({ bounced: true })],
      ['what was sent', change((truth) => truth.map((one) => ({ ...one, out_msgs: [one.in_msg] })))],
      ['whether it failed', edit({ description: { aborted: true, compute_ph: { success: false } } })],
      ['that it is of an emulation', edit({ emulated: true })],
      ['that it is not final', edit({ finality: 'pending' })],
      ['one less', change((truth) => truth.slice(1))],
      ['one that it invented', change((truth) => [invent(truth), ...truth]), 2],
    ])('makes nothing final: %s', async (title, lie, count = 1) => {
      const owner = await aTonOwner(app, demo);
      await network.pay(owner.address, toNano('1'), { body: 'order 77' });
      const { items: truth } = await tonPageOf(owner);
      expect(truth).toMatchObject([{ isFinal: true }]);
      for (const liar of [first, second]) {
        liar.lie('transactions', lie);

        const { chain, items } = await tonPageOf(owner);

        expect(chain.isComplete).toBe(false);
        expect(items).toHaveLength(count);
        const unsure = items.filter(({ isFinal }) => !isFinal);
        for (const item of unsure) expect(item).toMatchObject({ verification: 'single' });
        const finals = items.filter(({ isFinal }) => isFinal);
        expect(finals).toEqual(title === 'one that it invented' ? truth : []);
        liar.recover();
      }
      expect(await tonPageOf(owner)).toMatchObject({ chain: { isComplete: true }, items: truth });
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

    it('leave a transaction out that cannot be read, and are not complete', async () => {
      const owner = await aTonOwner(app, demo);
      for (const amount of [1n, 2n, 3n, 4n]) await network.pay(owner.address, amount);
      const [newest, , , oldest] = await tonHistoryOf(owner);
      const isOdd = ({ hash }: TransactionV3): boolean =>
        ![newest, oldest].some((one) => one?.hash === Buffer.from(hash, 'base64').toString('hex'));
      for (const api of [first, second])
        api.lie(
          'transactions',
          change((truth) => truth.map((one) => (isOdd(one) ? { ...one, lt: '0' } : one))),
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
  });

  it('tell deposits apart by their comments', async () => {
    const owner = await aTonOwner(app, demo);
    await network.pay(owner.address, toNano('1'), { body: 'order 1' });
    await network.pay(owner.address, toNano('2'), { body: 'order 2, \u202eof a person\u200b' });
    await network.pay(owner.address, toNano('3'), { body: 'x'.repeat(2_000) });

    const { chain, items } = await tonPageOf(owner);

    expect(chain).toMatchObject({ staleSince: null, hasHistory: true, isComplete: true });
    const coins = { standard: 'native', kind: 'message', direction: 'in', counterparty: treasury() };
    expect(items.map(({ transfers }) => transfers)).toMatchObject([
      [{ ...coins, amount: '3000000000', comment: null }],
      [{ ...coins, amount: '2000000000', comment: 'order 2, of a person' }],
      [{ ...coins, amount: '1000000000', comment: 'order 1' }],
    ]);
    expect(items[0]).toMatchObject({
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      ...{ status: 'succeeded', verification: 'agreed', isFinal: true },
      block: { number: network.block, hash: null },
    });
    await expectSums(owner);
  });

  it('have jettons where the jetton wallet received them, with comments, notified or not', async () => {
    const owner = await aTonOwner(app, demo);
    const forward = toNano('0.01');
    await network.payJetton(dollar, owner.address, 1n, { comment: 'in a cell', forward });
    await network.payJetton(dollar, owner.address, 2n, { comment: 'inline', forward, isInline: true });
    await network.payJetton(dollar, owner.address, 3n, { comment: 'unnotified' });
    await network.payJetton(dollar, owner.address, 4n);

    const entries = await tonHistoryOf(owner);

    const jettons = entries
      .flatMap(({ transfers }) => transfers)
      .filter(({ standard }) => standard === 'tep74');
    const known = {
      contract: shownTon(dollar.address),
      kind: 'jetton',
      direction: 'in',
      counterparty: treasury(),
    };
    expect(jettons).toMatchObject([
      { ...known, amount: '4', comment: null },
      { ...known, amount: '3', comment: 'unnotified' },
      { ...known, amount: '2', comment: 'inline' },
      { ...known, amount: '1', comment: 'in a cell' },
    ]);
    expect(
      entries.flatMap(({ transfers }) => transfers).filter(({ kind }) => kind === 'notification'),
    ).toMatchObject([{ amount: String(forward), comment: null }, { amount: String(forward) }]);
    await expectSums(owner);
  });

  it('show no jetton of another master, and no notice that nothing stands behind', async () => {
    const owner = await aTonOwner(app, demo);
    await network.payJetton(forged, owner.address, 5n, { comment: 'order 9', forward: 7n });
    const notice = beginCell()
      .storeUint(OPS.notification, 32)
      .storeUint(0, 64)
      .storeCoins(1_000_000n)
      .storeAddress(network.treasury.address)
      .storeBit(true)
      .storeRef(textBody('order 9'));
    await network.pay(owner.address, 5n, { body: notice.endCell() });

    const transfers = (await tonHistoryOf(owner)).flatMap((entry) => entry.transfers);

    expect(transfers).toMatchObject([
      { standard: 'native', kind: 'message', amount: '5', comment: null },
      { standard: 'native', kind: 'message', amount: '7', comment: null },
    ]);
  });

  it('have what the wallet sends, what comes back, and what is left of fees', async () => {
    const owner = await aTonOwner(app, demo, 'v5r1');
    await network.deploy(owner);
    await network.payJetton(dollar, owner.address, 100n);
    const [nobody, wallet] = [randomAddress(), await network.walletOf(dollar, owner.address)];
    await network.send(owner, messageTo(network.treasury.address, toNano('0.2'), { body: 'thanks' }));
    await network.send(owner, messageTo(nobody, toNano('0.3')));
    const paid = jettonTransfer(network.treasury.address, owner.address, 40n, { comment: 'back' });
    await network.send(owner, messageTo(wallet, toNano('0.2'), { body: paid }));
    // More than there is: the jetton wallet refuses.
    const tooMuch = jettonTransfer(network.treasury.address, owner.address, 61n);
    await network.send(owner, messageTo(wallet, toNano('0.1'), { body: tooMuch }));
    const burn = beginCell()
      .storeUint(OPS.burn, 32)
      .storeUint(0, 64)
      .storeCoins(10n)
      .storeAddress(owner.address);
    await network.send(owner, messageTo(wallet, toNano('0.1'), { body: burn.endCell() }));

    const transfers = (await tonHistoryOf(owner)).flatMap((entry) => entry.transfers);

    const of = (kind: string) => transfers.filter((transfer) => transfer.kind === kind);
    expect(transfers).toContainEqual(
      expect.objectContaining({ kind: 'message', direction: 'out', amount: '200000000', comment: 'thanks' }),
    );
    expect(of('bounce')).toMatchObject([
      { direction: 'in', counterparty: shownTon(wallet) },
      { direction: 'in', counterparty: shownTon(nobody) },
    ]);
    expect(of('jetton')).toMatchObject([
      { direction: 'out', amount: '40', counterparty: treasury(), comment: 'back' },
      { direction: 'in', amount: '100' },
    ]);
    expect(of('burn')).toMatchObject([{ direction: 'out', amount: '10', counterparty: null }]);
    expect(of('excess').length).toBeGreaterThan(0);
    await expectSums(owner);
  });

  it('count what a wallet sends to itself once, and what bounced off it not', async () => {
    const owner = await aTonOwner(app, demo);
    // The wallet is not deployed: this goes back.
    await network.pay(owner.address, toNano('1'), { body: 'order 1', bounce: true });
    expect(await tonHistoryOf(owner)).toMatchObject([{ status: 'failed', fee: '0', transfers: [] }]);
    await network.deploy(owner);
    await network.payJetton(dollar, owner.address, 9n);
    const wallet = await network.walletOf(dollar, owner.address);
    await network.send(owner, messageTo(owner.address, toNano('0.5'), { body: 'to me' }));
    const own = jettonTransfer(owner.address, owner.address, 4n, { comment: 'mine' });
    await network.send(owner, messageTo(wallet, toNano('0.2'), { body: own }));

    const transfers = (await tonHistoryOf(owner)).flatMap((entry) => entry.transfers);

    expect(transfers.filter(({ direction }) => direction === 'self')).toMatchObject([
      { standard: 'tep74', amount: '4', comment: 'mine' },
      { standard: 'native', amount: '500000000', comment: 'to me' },
    ]);
    await expectSums(owner);
  });

  it('come in pages by logical time, each once', async () => {
    const owner = await aTonOwner(app, demo);
    await network.deploy(owner);
    for (let at = 1n; at <= 5n; at += 1n)
      await network.payJetton(dollar, owner.address, at, { comment: String(at), forward: 1n });
    const all = await tonHistoryOf(owner);

    const small = await tonHistoryOf(owner, 2);

    expect(all.length).toBeGreaterThan(10);
    expect(small).toEqual(all);
    expect(new Set(small.map(({ hash }) => hash)).size).toBe(small.length);
    // More come while a page is read: none is lost or doubled.
    const page = await tonPageOf(owner, '&limit=3');
    await network.pay(owner.address, 6n);
    const next = await tonPageOf(owner, `&limit=100&cursor=${page.nextCursor ?? ''}`);
    expect([...page.items, ...next.items].map(({ hash }) => hash)).toEqual(all.map(({ hash }) => hash));
  });

  it('have no jettons of a wallet that only one of two endpoints names', async () => {
    const owner = await aTonOwner(app, demo);
    await network.payJetton(dollar, owner.address, 5n);
    const stack = [
      ['cell', { bytes: beginCell().storeAddress(owner.address).endCell().toBoc().toString('base64') }],
    ];
    second.lie('runGetMethod', (truth: object) => ({ ...truth, stack }));

    expect(await tonPageOf(owner)).toMatchObject({ chain: { isComplete: false }, items: [] });
  });

  it('are none of another account', async () => {
    const owner = await aTonOwner(app, demo);
    await network.pay(owner.address, toNano('1'));
    second.lie('transactions', edit({ account: `0:${'5A'.repeat(32)}` }));

    expect((await tonPageOf(owner)).items).toMatchObject([{ verification: 'single', isFinal: false }]);
    expect((await app.gateway.get('/metrics')).text).toMatch(
      /countersign_chain_nodes_down\{chain="ton:-239"\} [1-9]/,
    );
  });

  it('answer 400 to a cursor that no page gave', async () => {
    const owner = await aTonOwner(app, demo);
    for (const cursor of ['MQ', Buffer.from(`0.${'0'.repeat(64)}`).toString('base64url'), 'x'.repeat(300)])
      expectProblem(
        await owner.session.get(`/v1/wallets/${owner.walletId}/transactions?chainId=${TON}&cursor=${cursor}`),
        400,
        'request.invalid',
      );
  });
});

describe('an indexer of TON', () => {
  const network = useFixture(() => TonNetwork.create());
  const [node, indexer] = [useTonApi(network), useTonApi(network)];
  const app = useTestApp(() => ({
    environment: {
      CHAINS: tonChains([node], {
        indexers: [{ url: `${indexer.indexerUrl}/`, apiKey: 'a-key-of-the-operator' }],
      }),
    },
  }));
  const demo = useApplication(app, { origins: [SITE] });
  const ask = ({ session, walletId }: TonOwner) =>
    session.get(`/v1/wallets/${walletId}/transactions?chainId=${TON}`);

  it('gets its key, and is believed alone in nothing', async () => {
    const owner = await aTonOwner(app, demo);
    await network.pay(owner.address, toNano('1'));

    const { chain, items } = await tonPageOf(owner);

    expect(chain).toMatchObject({ isComplete: false });
    expect(items).toMatchObject([{ verification: 'single', isFinal: false }]);
    expect(indexer.keys).toEqual(new Set(['a-key-of-the-operator']));
    await tonBalancesOf(owner);
    expect(node.keys).toEqual(new Set([undefined]));
  });

  it.each<[string, () => void]>([
    ['is gone', () => indexer.goAway()],
    ['answers texts', () => indexer.lie('transactions', () => ({ transactions: 'none' }))],
    ['answers 9 MiB', () => indexer.lie('transactions', () => ({ x: 'x'.repeat(9_437_184) }))],
  ])('that %s makes a page 503', async (_, fail) => {
    const owner = await aTonOwner(app, demo);
    fail();

    expectProblem(await ask(owner), 503, 'chain.unavailable');
    expect(app.logLines.join('\n')).not.toContain('a-key-of-the-operator');
    expect(app.logLines.join('\n')).not.toContain(owner.address.toRawString());
  });
});

describe('an indexer of another network', () => {
  const network = useFixture(() => TonNetwork.create());
  const api = useTonApi(network);
  const app = useTestApp(() => ({ environment: { CHAINS: tonChains([api]) } }));
  const demo = useApplication(app, { origins: [SITE] });

  it('is not asked', async () => {
    api.networkId = -3;
    const owner = await aTonOwner(app, demo);

    const answer = await owner.session.get(`/v1/wallets/${owner.walletId}/transactions?chainId=${TON}`);

    expectProblem(answer, 503, 'chain.unavailable');
    expect(api.asked.filter((asked) => asked.includes('/transactions'))).toEqual([]);
    expect((await tonBalancesOf(owner)).balances).toMatchObject([{ amount: '0' }]);
  });
});

describe('jettons of a wallet that the only endpoint names', () => {
  const network = useFixture(() => TonNetwork.create());
  const [node, first] = [useTonApi(network), useTonApi(network)];
  const second = useTonApi(network);
  const { dollar, forged, tokens } = useDollars(network);
  const app = useTestApp(async () => {
    for (const token of [dollar, forged]) await network.mint(token, network.treasury.address, 1_000_000n);
    const indexers = [first, second].map(({ indexerUrl }) => ({ url: indexerUrl }));
    return { environment: { CHAINS: tonChains([node], { tokens: tokens(), indexers }) } };
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
    expect(jettons).toMatchObject([{ verification: 'single', isFinal: false }]);
    expect(items.filter((item) => !jettons.includes(item))).toMatchObject([
      { verification: 'agreed', isFinal: true },
    ]);
  });
});

function randomAddress(): Address {
  return new Address(0, randomBytes(32));
}

import { EvmIndexers } from '@countersign/chains';
import { anvilAccount, describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { expectProblem } from '../support/expect-problem';
import { INDEXER_KEY, indexerOf, useFakeIndexer, type IndexerRow } from '../support/fake-indexer';
import { useFakeNode, useTwoNodes } from '../support/fake-node';
import {
  ANVIL_CHAIN,
  aWalletOwner,
  balancesOf,
  chainsOf,
  collectiblesOf,
  historyOf,
  type HistoryItem,
  type WalletOwner,
} from '../support/followed-wallets';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

interface Item extends HistoryItem {
  readonly verification: string;
  readonly from: string;
  readonly to: string;
  readonly tokenId?: string;
  readonly quantity?: string;
}

interface Balance {
  readonly contract: string | null;
  readonly amount: string | null;
  readonly verification: string;
}

/** Each hex text with another last digit. */
function altered(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/.$/, (end) => (end === '1' ? '2' : '1'));
  if (Array.isArray(value)) return (value as readonly unknown[]).map(altered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, altered(one)]));
}

interface Block {
  readonly number: string;
  readonly hash: string;
}

const BIGGEST = Number.MAX_SAFE_INTEGER.toString();
const ONE_WORD = 'f'.repeat(40);

describeWithAnvil('what an indexer and a node say about one wallet', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '1'] });
  const [first, second] = useTwoNodes(anvil);
  const elsewhere = useFakeNode();
  const indexer = useFakeIndexer(anvil);
  const app = useTestApp(() => ({
    environment: {
      CHAINS: chainsOf([first.url, second.url], { mayNameAddresses: true, indexer: indexerOf(indexer) }),
    },
  }));
  const demo = useApplication(app, { origins: [SITE] });
  let token: Deployed;
  let cards: Deployed;

  beforeAll(async () => {
    token = await anvil.deploy('TestErc20', ['Token', 'TKN', 6]);
    cards = await anvil.deploy('TestErc721');
  });

  const page = (
    { session, walletId }: WalletOwner,
    query = '',
    kind = 'transactions',
  ): ReturnType<WalletOwner['session']['get']> =>
    session.get(`/v1/wallets/${walletId}/${kind}?chainId=${ANVIL_CHAIN}&includeHidden=true${query}`);
  const itemsOf = async (owner: WalletOwner): Promise<readonly Item[]> =>
    (await historyOf(owner)) as readonly Item[];
  const fault = (): string | null | undefined => app.nest.get(EvmIndexers).known(ANVIL_CHAIN)[0]?.reason;

  async function paid(): Promise<WalletOwner> {
    const owner = await aWalletOwner(app, demo);
    await anvil.pay(owner.address, 9n);
    await anvil.mine(4);
    return owner;
  }

  it('is not final in a block that only the node of the indexer has', async () => {
    const owner = await aWalletOwner(app, demo);
    await anvil.pay(owner.address, 9n);
    let orphaned: IndexerRow[] = [];
    indexer.lieAbout('txlist', (rows) => (orphaned = rows));
    const [item] = await itemsOf(owner);
    const [sent, receipt, block] = await Promise.all([
      anvil.request('eth_getTransactionByHash', [item?.hash]),
      anvil.request('eth_getTransactionReceipt', [item?.hash]),
      anvil.request<Block>('eth_getBlockByNumber', ['latest', false]),
    ]);
    await anvil.reorg(1);
    await anvil.mine(5);
    indexer.lieAbout('txlist', () => orphaned);
    first.lie('eth_getTransactionByHash', sent);
    first.lie('eth_getTransactionReceipt', receipt);
    first.lie('eth_getBlockByNumber', ([tag]: readonly unknown[], truth: () => Promise<unknown>) =>
      tag === block.number ? block : truth(),
    );

    expect(await itemsOf(owner)).toMatchObject([{ verification: 'agreed', isFinal: false }]);
  });

  it('is agreed by the second node alone where the first one has no receipts, and not final', async () => {
    const owner = await paid();
    const refuse = (): void => first.fail('eth_getTransactionReceipt', -32_000, 'pruned');
    refuse();
    expect(await itemsOf(owner)).toMatchObject([{ verification: 'agreed', isFinal: false }]);
    first.lie('eth_getTransactionReceipt', null);
    expect(await itemsOf(owner)).toMatchObject([{ verification: 'agreed', isFinal: false }]);
    refuse();
    second.fail('eth_getTransactionReceipt', -32_000, 'pruned');
    expect(await itemsOf(owner)).toMatchObject([{ verification: 'single', isFinal: false }]);
  });

  // As an indexer does that reads its blocks from that node.
  it.each<[string, string, (value: object) => object, (row: IndexerRow) => IndexerRow]>([
    [
      'another amount',
      'eth_getTransactionByHash',
      (sent) => ({ ...sent, value: '0xffffff' }),
      (row) => ({ ...row, value: '16777215' }),
    ],
    [
      'a failed status',
      'eth_getTransactionReceipt',
      (receipt) => ({ ...receipt, status: '0x0' }),
      (row) => ({ ...row, isError: '1' }),
    ],
  ])('is not final with %s that a node and its indexer say', async (_, method, lie, lieInRow) => {
    const owner = await aWalletOwner(app, demo);
    await anvil.pay(owner.address, 10n ** 18n);
    await anvil.pay(anvilAccount(3).address, 9n, { from: owner.account });
    await anvil.mine(4);
    const own = (value: unknown): boolean => (value as { from: string }).from.toLowerCase() === owner.address;
    first.lie(method, async (__: unknown, truth: () => Promise<unknown>) => {
      const value = (await truth()) as object;
      return own(value) ? lie(value) : value;
    });
    indexer.lieAbout('txlist', (rows) => rows.map((row) => (own(row) ? lieInRow(row) : row)));

    expect((await itemsOf(owner))[0]).toMatchObject({ verification: 'agreed', isFinal: false });
  });

  it('has the decimals of its token from a node, and not from another row', async () => {
    const owner = await aWalletOwner(app, demo);
    await anvil.write(token, 'mint', [owner.address, 5n]);
    await anvil.write(token, 'mint', [owner.address, 7_000_000n]);
    await anvil.mine(4);
    indexer.lieAbout('tokentx', (rows) =>
      rows.map((row) => (row['value'] === '5' ? { ...row, tokenDecimal: '0' } : row)),
    );

    for (const item of await itemsOf(owner)) {
      const [transfer] = item.transfers;
      if (item.verification !== 'single') expect(transfer?.claimed?.decimals).toBe(6);
    }
  });

  it('is no collectible that both nodes confirm, where the indexer alone lists it after the final block', async () => {
    const owner = await aWalletOwner(app, demo);
    const other = anvilAccount(1).address;
    await anvil.write(cards, 'mint', [owner.address, 1n]);
    await anvil.write(cards, 'mint', [other, 2n]);
    await anvil.mine(4);
    const head = await anvil.client.getBlockNumber({ cacheTime: 0 });
    indexer.lieAbout('tokennfttx', (rows) => [
      { ...rows[0], tokenID: '2', blockNumber: String(head) },
      ...rows,
    ]);

    expect(await collectiblesOf(owner)).toMatchObject([
      { tokenId: '2', quantity: '1', verification: 'single', isFinal: false },
      { tokenId: '1', quantity: '1', verification: 'agreed', isFinal: true },
    ]);
  });

  it('is read with addresses and hashes in upper or lower case, and with any name of a token', async () => {
    const owner = await aWalletOwner(app, demo);
    await anvil.write(token, 'mint', [owner.address, 5n]);
    await anvil.mine(4);
    const upper = (text: string | null | undefined): string => `0x${(text ?? '').slice(2).toUpperCase()}`;
    indexer.lieAbout('tokentx', (rows) =>
      rows.map((row) => ({
        ...row,
        hash: upper(row['hash']),
        to: upper(row['to']),
        contractAddress: upper(row['contractAddress']),
        tokenSymbol: 'USD\u202ETC\u0000\u200B\n<b>',
        tokenName: '__proto__',
      })),
    );

    const [item] = await itemsOf(owner);

    expect(item).toMatchObject({ verification: 'agreed', isFinal: true });
    expect(item?.transfers[0]?.claimed).toEqual({ symbol: 'USDTC <b>', name: '__proto__', decimals: 6 });
  });

  it('has nothing of rows about others, and nothing agreed of another chain', async () => {
    const owner = await paid();
    const [a, b] = [anvilAccount(1).address, anvilAccount(2).address];
    indexer.lieAbout('txlist', (rows) => [
      ...rows.map((row) => ({ ...row, hash: `0x${'1'.repeat(64)}`, from: a, to: b })),
      ...rows.map((row) => ({ ...row, hash: `0x${'2'.repeat(64)}` })),
    ]);

    expect(await itemsOf(owner)).toMatchObject([
      { hash: `0x${'2'.repeat(64)}`, verification: 'single', isFinal: false },
    ]);
  });

  describe('of two nodes of which one or both lie', () => {
    let owner: WalletOwner;
    let truth: readonly string[];
    const finals = async (): Promise<readonly string[]> => {
      const answers = await Promise.all([
        owner.session.get(`/v1/wallets/${owner.walletId}/balances`),
        page(owner),
        page(owner, '', 'collectibles'),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      const [balances, ...pages] = answers.map(({ body }) => body as unknown);
      const [{ balances: amounts = [] } = {}] = (balances as { chains: { balances?: Balance[] }[] }).chains;
      return [
        ...amounts.map(
          ({ contract, amount, verification }) =>
            verification === 'agreed' && `${contract ?? 'coin'} ${String(amount)}`,
        ),
        ...pages.flatMap((body) =>
          (body as { items: readonly Item[] }).items.map(
            ({ isFinal, hash, from, to, status, fee, transfers, tokenId, quantity }) =>
              isFinal && JSON.stringify([hash, from, to, status, fee, transfers, tokenId, quantity]),
          ),
        ),
      ].filter((text) => typeof text === 'string');
    };

    beforeAll(async () => {
      // What the test before them lied about.
      for (const liar of [first, second, indexer]) liar.recover();
      owner = await aWalletOwner(app, demo);
      await anvil.pay(owner.address, 9n);
      await anvil.write(token, 'mint', [owner.address, 5n]);
      await anvil.write(cards, 'mint', [owner.address, BigInt(owner.address)]);
      await anvil.mine(4);
      truth = await finals();
    });

    it('is final as the chain has it while they do not lie', () => {
      // An amount, three transactions, and a collectible.
      expect(truth).toHaveLength(5);
    });

    /** What is no answer is read alike of each node; what could be one is also said by the other one, and by both. */
    const answers: readonly [string, unknown][] = [
      ['null', null],
      ['nothing', '0x'],
      ['other fields', (_: unknown, ask: () => Promise<unknown>) => ask().then(altered)],
    ];
    const methods = [
      'eth_getBlockByNumber',
      'eth_getTransactionByHash',
      'eth_getTransactionReceipt',
      'eth_getBalance',
      'eth_call',
    ];
    it.each(methods.flatMap((method) => answers.map(([name, lie]) => [method, name, lie] as const)))(
      'is nothing final that is not true: %s is %s',
      async (method, name, lie) => {
        const couldBe = name === 'other fields';
        for (const liars of couldBe ? [[first], [second], [first, second]] : [[first]]) {
          // Two that lie alike are believed: the second one says something else.
          for (const [index, liar] of liars.entries())
            liar.lie(method, index === 0 ? lie : `0x${'e'.repeat(64)}`);

          expect((await finals()).filter((one) => !truth.includes(one))).toEqual([]);

          for (const liar of liars) liar.recover();
        }
      },
    );
  });

  const amounts: Readonly<Record<string, object>> = {
    txlist: { value: '1' },
    txlistinternal: { value: '1' },
    tokentx: { value: '1' },
    tokennfttx: { tokenID: '1' },
    token1155tx: { tokenID: '1', tokenValue: '1' },
  };
  const rowOf = (list: string, more: object = {}): object => ({
    ...{ hash: `0x${'3'.repeat(64)}`, blockHash: `0x${'4'.repeat(64)}`, blockNumber: '1' },
    ...{ timeStamp: '1700000000', transactionIndex: '0', gasUsed: '1', gasPrice: '1', isError: '0' },
    ...{ from: `0x${ONE_WORD}`, to: `0x${ONE_WORD}`, contractAddress: `0x${ONE_WORD}` },
    ...{ ...amounts[list], ...more },
  });

  describe('a list that cannot be true', () => {
    const rows = (count: number, more: (index: number) => object = () => ({})): object => ({
      ...{ status: '1', message: 'OK' },
      result: Array.from({ length: count }, (_, index) => rowOf('txlist', more(index))),
    });

    it.each<[string, () => void]>([
      [
        'newer blocks after older ones',
        () => (indexer.odd = (list) => ['1', '2'].map((blockNumber) => rowOf(list, { blockNumber }))),
      ],
      ['more rows than were asked for', () => indexer.respond(200, rows(1_001))],
    ])('is %s: it makes pages unavailable, and operators see it', async (_, lie) => {
      const owner = await paid();
      lie();

      expectProblem(await page(owner), 503, 'chain.unavailable');
      expect(fault()).toMatch(/^(rows_in_disorder|not_asked_for)$/);
      expectProblem(await page(owner, '', 'collectibles'), 503, 'chain.unavailable');
      expect(await balancesOf(owner)).toMatchObject({ staleSince: null, balances: [{ amount: '9' }] });
      indexer.recover();
      expect(await itemsOf(owner)).toHaveLength(1);
      expect(fault()).toBeNull();
    });

    it('is the first page again for each cursor', async () => {
      const owner = await paid();
      const parties = { from: owner.address, to: owner.address };
      const answered = rows(200, (index) => ({
        ...{ ...parties, hash: `0x${String(index).padStart(64, '0')}` },
        blockNumber: String(1_000 - index),
      }));
      indexer.respond(200, answered);

      const answer = await page(owner, '&limit=50');
      expect(answer.status).toBe(200);
      let { nextCursor } = answer.body as { nextCursor: string | null };
      expect(nextCursor).not.toBeNull();
      for (let pages = 0; nextCursor !== null && pages < 20; pages += 1) {
        const next = await page(owner, `&limit=50&cursor=${nextCursor}`);
        if (next.status === 503) return;
        nextCursor = (next.body as { nextCursor: string | null }).nextCursor;
      }
      throw new Error('the same page was given again and again');
    });
  });

  describe('a row that cannot be read', () => {
    const odd: readonly (readonly [string, (row: object, list: string) => unknown])[] = [
      ['null', () => null],
      ['with a block number that no chain reaches', (row) => ({ ...row, blockNumber: BIGGEST })],
      [
        'of another token standard',
        (row, list) => (list === 'tokennfttx' ? { ...row, tokenValue: '1' } : { ...row, tokenID: '1' }),
      ],
    ];
    it.each(odd)('is left out where it is %s, and its list is not complete', async (title, oddRow) => {
      const owner = await paid();
      const lists = title.includes('standard') ? ['tokentx', 'tokennfttx'] : Object.keys(amounts);
      indexer.odd = (list) =>
        lists.includes(list) ? [oddRow(rowOf(list, { to: owner.address }), list)] : [];

      expect((await page(owner)).body).toMatchObject({
        chain: { isComplete: false, staleSince: null },
        items: [{ verification: 'agreed', transfers: [{ amount: '9' }] }],
        nextCursor: null,
      });
      expect((await page(owner, '', 'collectibles')).body).toMatchObject({
        chain: { isComplete: false },
        items: [],
      });
      expect(fault()).toBeNull();
      indexer.recover();
      expect((await page(owner)).body).toMatchObject({ chain: { isComplete: true }, items: [{}] });
    });

    it('leaves nothing agreed of which it is a part, and no amount that it may have changed', async () => {
      const owner = await aWalletOwner(app, demo);
      await anvil.write(token, 'mint', [owner.address, 5n]);
      await anvil.write(cards, 'mint', [owner.address, 11n]);
      await anvil.pay(owner.address, 10n ** 18n);
      await anvil.write(token, 'transfer', [anvilAccount(1).address, 2n], { from: owner.account });
      await anvil.mine(4);
      const [sent, paidCoins] = await itemsOf(owner);
      expect(sent).toMatchObject({ verification: 'agreed', isFinal: true });
      const brokenIn = (list: string, wanted: string | null | undefined): void =>
        indexer.lieAbout(list, (rows) =>
          rows.map((row) => (row['hash'] === wanted ? { ...row, blockHash: 'x', from: 'x' } : row)),
        );

      brokenIn('txlist', sent?.hash);
      const [withoutSender] = await itemsOf(owner);
      expect(withoutSender).toMatchObject({ hash: sent?.hash, verification: 'single', isFinal: false });
      brokenIn('tokentx', sent?.hash);
      const [withoutTokens] = await itemsOf(owner);
      expect(withoutTokens).toMatchObject({ hash: sent?.hash, verification: 'single', isFinal: false });
      expect((await itemsOf(owner)).find(({ hash: of }) => of === paidCoins?.hash)).toMatchObject({
        ...{ verification: 'agreed', isFinal: true },
      });
      indexer.recover();
      expect(await collectiblesOf(owner)).toMatchObject([{ quantity: '1' }]);
      indexer.odd = (list) => (list === 'token1155tx' ? [{}] : []);
      expect(await collectiblesOf(owner)).toMatchObject([{ quantity: '1', verification: 'agreed' }]);
    });

    it('hides no older ones, however many of them a list has', async () => {
      const owner = await aWalletOwner(app, demo);
      await anvil.write(token, 'mint', [owner.address, 5n]);
      await anvil.mine(300);
      const head = Number(await anvil.client.getBlockNumber({ cacheTime: 0 }));
      const rows = Array.from({ length: 600 }, (_, index) => ({
        ...rowOf('tokentx', { to: owner.address, tokenID: '1' }),
        blockNumber: String(head - Math.floor(index / 3)),
      }));
      indexer.odd = (list) => (list === 'tokentx' ? rows : []);
      const [found, completes] = [new Set<string>(), new Set<boolean>()];

      for (let cursor: string | null = ''; cursor !== null;) {
        const { body } = await page(owner, cursor === '' ? '' : `&cursor=${cursor}`);
        const { chain, items, nextCursor } = body as {
          readonly chain: { readonly isComplete: boolean };
          readonly items: readonly Item[];
          readonly nextCursor: string | null;
        };
        for (const item of items) found.add(`${item.verification} ${String(item.transfers[0]?.amount)}`);
        completes.add(chain.isComplete);
        cursor = nextCursor;
      }

      expect(found).toEqual(new Set(['agreed 5']));
      expect(completes).toContain(false);
    });
  });

  it.each([301, 302, 303, 307, 308])('is asked of no other address by a redirect (%s)', async (status) => {
    const owner = await paid();
    indexer.respond(status, '', { location: elsewhere.url });
    expectProblem(await page(owner), 503, 'chain.unavailable');
    indexer.recover();
    first.respond(status, { location: elsewhere.url });
    await itemsOf(owner);

    expect(elsewhere.posts).toBe(0);
  });

  it('is in no log or metric with a key or the address, with any answer of theirs', async () => {
    const owner = await paid();
    const told = `invalid key ${INDEXER_KEY} for ${owner.address}`;
    const error = { code: -32_000, message: told, data: told };
    first.respond(200, {}, JSON.stringify({ jsonrpc: '2.0', id: null, error }));
    second.fail('eth_getTransactionReceipt', -32_000, told);
    await page(owner);
    await balancesOf(owner);
    for (const body of [
      told,
      { status: '0', message: told, result: told },
      { status: '1', result: [told] },
    ]) {
      indexer.respond(200, body);
      expect(JSON.stringify((await page(owner)).body)).not.toContain(INDEXER_KEY);
    }

    const { text } = await app.gateway.get('/metrics');
    expect(text).toContain('countersign_chain_nodes_down{chain="eip155:31337"}');
    for (const secret of [INDEXER_KEY, owner.address, new URL(indexer.url).host, new URL(first.url).host])
      expect(text + app.logLines.join('\n')).not.toContain(secret);
  });

  it('is what the nodes say, where the answer of the indexer is too large', async () => {
    const owner = await paid();
    indexer.respond(200, `{"status":"1","message":"OK","result":["${'x'.repeat(5 * 1_048_576)}"]}`);
    expectProblem(await page(owner), 503, 'chain.unavailable');
    expect(fault()).toBe('answer_too_large');
    expect(await balancesOf(owner)).toMatchObject({ staleSince: null, balances: [{ amount: '9' }] });
  });
});

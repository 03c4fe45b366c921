import { anvilAccount, describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { expectProblem } from '../support/expect-problem';
import { INDEXER_KEY, indexerOf, useFakeIndexer } from '../support/fake-indexer';
import { useFakeNode, useTwoNodes } from '../support/fake-node';
import {
  ANVIL_CHAIN,
  aWalletOwner,
  balancesOf,
  chainsOf,
  collectiblesOf,
  historyOf,
  touchedOnChain,
  type HistoryItem,
  type WalletOwner,
} from '../support/followed-wallets';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const ether = 10n ** 18n;
/** The first contract of the first account of an anvil. */
const LISTED = { address: '0x5fbdb2315678afecb367f032d93f642f64180aa3', symbol: 'LST', decimals: 6 };

interface Item extends HistoryItem {
  readonly verification: string;
  readonly part: number;
  readonly from: string | null;
}

async function itemsOf(owner: WalletOwner, query?: string): Promise<readonly Item[]> {
  return (await historyOf(owner, query)) as readonly Item[];
}

describeWithAnvil('a wallet whose history an indexer lists', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '1'] });
  const node = useFakeNode(() => anvil.url);
  const indexer = useFakeIndexer(anvil);
  const app = useTestApp(() => ({
    environment: {
      CHAINS: chainsOf([node.url], { mayNameAddresses: true, tokens: [LISTED], indexer: indexerOf(indexer) }),
    },
  }));
  const demo = useApplication(app, { origins: [SITE] });
  let listed: Deployed;
  let cards: Deployed;
  let items1155: Deployed;
  let forwarder: Deployed;

  beforeAll(async () => {
    listed = await anvil.deploy('TestErc20', ['Listed', 'LST', 6]);
    expect(listed.address.toLowerCase()).toBe(LISTED.address);
    cards = await anvil.deploy('TestErc721');
    items1155 = await anvil.deploy('TestErc1155');
    forwarder = await anvil.deploy('Forwarder');
  });

  const read = (owner: WalletOwner, path: string): ReturnType<WalletOwner['session']['get']> =>
    owner.session.get(`/v1/wallets/${owner.walletId}/${path}`);
  const page = (owner: WalletOwner, query = ''): ReturnType<WalletOwner['session']['get']> =>
    read(owner, `transactions?chainId=${ANVIL_CHAIN}&includeHidden=true${query}`);

  it('is read from the first block on, and what a receipt says too is agreed, and not final by one node', async () => {
    const owner = await aWalletOwner(app, demo);
    await anvil.pay(owner.address, 3n * ether);
    await anvil.write(listed, 'mint', [owner.address, 500n]);
    await anvil.write(listed, 'transfer', [anvilAccount(1).address, 100n], { from: owner.account });
    await anvil.write(cards, 'mint', [owner.address, 7n]);
    await anvil.write(items1155, 'mintBatch', [owner.address, [1n, 2n], [10n, 20n]]);
    await anvil.mine(4);
    await anvil.pay(owner.address, 1n);

    const items = await itemsOf(owner);

    const onChain = await touchedOnChain(anvil, owner.address, 0);
    expect(items.map(({ block, hash }) => `${block.hash} ${hash}`)).toEqual(onChain.toReversed());
    expect(items.map(({ verification }) => verification)).toEqual(items.map(() => 'agreed'));
    expect(items.map(({ isFinal }) => isFinal)).toEqual(items.map(() => false));
    expect(items.map(({ transfers }) => transfers.map(({ amount }) => amount))).toEqual([
      ['1'],
      ['10', '20'],
      ['1'],
      ['0', '100'],
      ['500'],
      [(3n * ether).toString()],
    ]);
    expect(items[3]?.fee).not.toBeNull();
    expect((await page(owner)).body).toMatchObject({
      chain: { hasHistory: true, isComplete: true, staleSince: null },
    });
  });

  it('has coins that a contract moved as items of their own, which are never final', async () => {
    const owner = await aWalletOwner(app, demo);
    await anvil.pay(owner.address, ether);
    await anvil.write(forwarder, 'forward', [owner.address], { value: 5n });
    await anvil.write(forwarder, 'forward', [owner.address], { value: 9n, from: owner.account });
    await anvil.mine(4);

    const items = await itemsOf(owner);

    expect(items.map(({ part, verification, isFinal }) => [part, verification, isFinal])).toEqual([
      [0, 'agreed', false],
      [1, 'single', false],
      [0, 'single', false],
      [0, 'agreed', false],
    ]);
    expect(items[1]?.transfers).toMatchObject([{ kind: 'internal', amount: '9', direction: 'in' }]);
    expect(items[2]?.block.hash).toMatch(/^0x/);
  });

  it('has the collectibles that the nodes say it holds', async () => {
    const owner = await aWalletOwner(app, demo);
    await anvil.pay(owner.address, ether);
    for (const id of [101n, 102n]) await anvil.write(cards, 'mint', [owner.address, id]);
    await anvil.write(items1155, 'mint', [owner.address, 5n, 3n]);
    const to = anvilAccount(1).address;
    await anvil.write(cards, 'transferFrom', [owner.address, to, 101n], { from: owner.account });
    await anvil.mine(4);
    // Invented, and said to be the newest.
    indexer.lieAbout('tokennfttx', (rows) => [
      { ...rows[0], tokenID: '101', from: to, to: owner.address },
      ...rows,
    ]);

    const answer = await read(owner, `collectibles?chainId=${ANVIL_CHAIN}&includeHidden=true`);
    const body = answer.body as { items: readonly object[]; nextCursor: string | null };

    const byOneNode = { isFinal: false, quantityReason: null, verification: 'single' };
    expect(body.items).toMatchObject([
      { standard: 'erc1155', tokenId: '5', quantity: '3', ...byOneNode },
      { standard: 'erc721', tokenId: '102', quantity: '1', ...byOneNode },
    ]);
    expect(body.items).toHaveLength(2);
    expect(body.nextCursor).toBeNull();
  });

  it('is paged by block: nothing twice, nothing left out, also where a block has more than a page', async () => {
    const owner = await aWalletOwner(app, demo);
    await anvil.request('evm_setAutomine', [false]);
    const nonce = await anvil.client.getTransactionCount({ address: anvilAccount(2).address });
    for (let index = 0; index < 9; index += 1) {
      await anvil.request('eth_sendTransaction', [
        {
          from: anvilAccount(2).address,
          to: owner.address,
          value: '0x1',
          nonce: `0x${(nonce + index).toString(16)}`,
        },
      ]);
    }
    await anvil.request('evm_setAutomine', [true]);
    await anvil.mine();
    for (let index = 0; index < 4; index += 1) await anvil.pay(owner.address, 1n);

    for (const limit of [1, 2, 3, 7, 50]) {
      const items = await itemsOf(owner, `includeHidden=true&limit=${limit}`);
      const onChain = await touchedOnChain(anvil, owner.address, 0);
      expect(items.map(({ block, hash }) => `${block.hash} ${hash}`)).toEqual(onChain.toReversed());
    }
  });

  it('tells the indexer the key, and no chain', async () => {
    const owner = await aWalletOwner(app, demo);
    await page(owner);
    expect(indexer.requests.map((query) => query.get('action')).toSorted()).toEqual([
      'token1155tx',
      'tokennfttx',
      'tokentx',
      'txlist',
      'txlistinternal',
    ]);
    const [query] = indexer.requests;
    expect(query?.get('apikey')).toBe(INDEXER_KEY);
    expect(query?.get('sort')).toBe('desc');
    expect(query?.has('chainid')).toBe(false);
  });

  it.each(['0', '2'] as const)(
    'says that it is not complete while the indexer has not read all of it (status %s)',
    async (status) => {
      const owner = await aWalletOwner(app, demo);
      indexer.behind = status;
      expect((await page(owner)).body).toMatchObject({ chain: { isComplete: false }, items: [] });
      await anvil.write(forwarder, 'forward', [owner.address], { value: 5n });
      await anvil.mine(4);

      const { body } = await page(owner);

      expect(body).toMatchObject({
        chain: { isComplete: false },
        items: [{ transfers: [{ kind: 'internal', amount: '5' }] }],
      });
      indexer.recover();
      expect((await page(owner)).body).toMatchObject({ chain: { isComplete: true }, items: [{}] });
    },
  );

  describe('with more rows than one answer of the indexer', () => {
    let bulk: Deployed;
    let own: WalletOwner;
    const many = (count: number): readonly string[] => Array.from({ length: count }, () => own.address);

    beforeAll(async () => {
      bulk = await anvil.deploy('HostileToken', ['Bulk', 'BLK']);
      own = await aWalletOwner(app, demo);
      const log = async (count: number): Promise<unknown> =>
        anvil.write(bulk, 'logTransfers', [anvilAccount(0).address, many(count), 1n]);
      await anvil.pay(own.address, 1n);
      for (let index = 0; index < 5; index += 1) await log(60);
      await anvil.pay(own.address, 2n);
      await log(201);
      await anvil.pay(own.address, 3n);
      await anvil.mine(4);
    });

    it('goes on with older blocks, and says which page misses some', async () => {
      const pages: { chain: { isComplete: boolean }; items: Item[]; nextCursor: string | null }[] = [];
      for (let cursor: string | null = ''; cursor !== null; cursor = pages.at(-1)?.nextCursor ?? null)
        pages.push((await page(own, cursor === '' ? '' : `&cursor=${cursor}`)).body as never);

      const items = pages.flatMap((one) => one.items);
      const hashes = [...new Set(items.map(({ block, hash }) => `${block.hash} ${hash}`))];
      expect(hashes).toEqual((await touchedOnChain(anvil, own.address, 0)).toReversed());
      expect(pages.filter(({ chain }) => !chain.isComplete)).toHaveLength(1);
      const cut = items.filter(({ verification }) => verification === 'single');
      expect(new Set(cut.map(({ hash }) => hash)).size).toBe(1);
      expect(cut.map(({ transfers }) => transfers.length)).toEqual([50, 50, 50, 50]);
    });
  });

  it.each(['x', 'MQ', Buffer.from('1.-1').toString('base64url'), Buffer.from('01.0').toString('base64url')])(
    'takes no cursor that no page gave: %s',
    async (cursor) => {
      const owner = await aWalletOwner(app, demo);

      expectProblem(await page(owner, `&cursor=${cursor}`), 400, 'request.invalid');
    },
  );

  it('is unavailable where the indexer wants fewer requests, beside balances of nodes', async () => {
    const owner = await aWalletOwner(app, demo);
    await anvil.pay(owner.address, ether);
    await anvil.mine(4);
    indexer.respond(200, { status: '0', message: 'NOTOK', result: 'Max rate limit reached' });

    const answer = await page(owner);
    expectProblem(answer, 503, 'chain.unavailable');
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    expect((await balancesOf(owner)).balances[0]).toMatchObject({ amount: ether.toString() });
  });
});

describeWithAnvil('an indexer of the shape of Etherscan', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '1'] });
  const [first, second] = useTwoNodes(anvil);
  const indexer = useFakeIndexer(anvil);
  const app = useTestApp(() => ({
    environment: {
      CHAINS: chainsOf([first.url, second.url], {
        mayNameAddresses: true,
        indexer: indexerOf(indexer, 'etherscan'),
      }),
    },
  }));
  const demo = useApplication(app, { origins: [SITE] });
  let owner: WalletOwner;
  let cards: Deployed;

  beforeAll(async () => {
    owner = await aWalletOwner(app, demo);
    const forwarder = await anvil.deploy('Forwarder');
    cards = await anvil.deploy('TestErc721');
    await anvil.pay(owner.address, ether);
    await anvil.write(forwarder, 'forward', [owner.address], { value: 5n });
    await anvil.mine(4);
  });

  beforeEach(() => {
    indexer.shape = 'etherscan';
  });

  it('is asked for the chain by its id', async () => {
    const items = await itemsOf(owner);

    expect(items).toMatchObject([
      { verification: 'single', transfers: [{ kind: 'internal', amount: '5' }] },
      { verification: 'agreed', isFinal: true },
    ]);
    expect(indexer.requests[0]?.get('chainid')).toBe('31337');
    expect(Number(indexer.requests[0]?.get('offset'))).toBeLessThanOrEqual(1_000);
  });

  it('says of a collectible that the nodes differ about it, and takes no side', async () => {
    const holder = await aWalletOwner(app, demo);
    await anvil.write(cards, 'mint', [holder.address, 7n]);
    await anvil.mine(4);
    const card = { tokenId: '7', quantity: '1' };
    expect(await collectiblesOf(holder)).toMatchObject([
      { ...card, quantityReason: null, verification: 'agreed', isFinal: true },
    ]);
    first.lie('eth_call', `0x${'0'.repeat(64)}`);

    expect(await collectiblesOf(holder)).toMatchObject([
      { ...card, quantityReason: 'differ', verification: 'single', isFinal: false },
    ]);
  });
});

import { beginCell, type Address } from '@ton/core';
import { expectProblem } from '../support/expect-problem';
import { useTonApi } from '../support/ton/ton-api';
import { messageTo, OPS, TonNetwork } from '../support/ton/ton-network';
import {
  aTonOwner,
  shownTon,
  TON,
  tonChains,
  type TonOwner,
  type TonReading,
} from '../support/ton/ton-owner';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

interface Item {
  readonly standard: string;
  readonly contract: string;
  readonly tokenId: string | null;
  readonly collection: string | null;
  readonly isFinal: boolean;
  readonly isHidden: boolean;
}

interface Page {
  readonly chain: TonReading;
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

describe('collectibles of a TON wallet', () => {
  const network = useFixture(() => TonNetwork.create());
  const [first, second] = [useTonApi(network), useTonApi(network)];
  let collection: Address;
  const app = useTestApp(async () => {
    collection = await network.collection();
    return { environment: { CHAINS: tonChains([first, second]) } };
  });
  const demo = useApplication(app, { origins: [SITE] });
  let nextIndex = 0;
  const mint = (owner: TonOwner): Promise<Address> =>
    network.mintItem(collection, nextIndex++, owner.address);
  const ask = ({ session, walletId }: TonOwner, query = '') =>
    session.get(`/v1/wallets/${walletId}/collectibles?chainId=${TON}${query}`);
  const pageOf = async (owner: TonOwner, query = ''): Promise<Page> => {
    const { status, body } = await ask(owner, query);
    if (status !== 200) throw new Error(`collectibles answered ${status} ${JSON.stringify(body)}`);
    return body as Page;
  };

  it('are those that the item and its collection confirm', async () => {
    const owner = await aTonOwner(app, demo);
    const index = nextIndex;
    const item = await mint(owner);

    const { chain, items } = await pageOf(owner);

    expect(chain).toMatchObject({ staleSince: null, isComplete: true });
    expect(items).toMatchObject([
      {
        ...{ standard: 'tep62', contract: shownTon(item), tokenId: String(index), decimals: 0 },
        ...{ collection: shownTon(collection), quantity: '1' },
        ...{ isFinal: true, isHidden: false, claimed: null },
      },
    ]);
  });

  it('are none that only claim to be of a collection', async () => {
    const owner = await aTonOwner(app, demo);
    const forged = await network.forgeItem(collection, 10_000, owner.address);

    expect((await pageOf(owner)).items).toEqual([]);
    expect((await pageOf(owner, '&includeHidden=true')).items).toMatchObject([
      { contract: shownTon(forged), collection: null, isFinal: false, isHidden: true },
    ]);
  });

  it('go with their transfer, though an indexer still lists them', async () => {
    const owner = await aTonOwner(app, demo, 'v5r1');
    await network.deploy(owner);
    const item = await mint(owner);
    const body = beginCell()
      .storeUint(OPS.nftTransfer, 32)
      .storeUint(0, 64)
      .storeAddress(network.treasury.address)
      .storeAddress(owner.address)
      .storeBit(false)
      .storeCoins(0)
      .storeBit(false)
      .endCell();
    await network.send(owner, messageTo(item, 200_000_000n, { body }));
    for (const api of [first, second])
      api.lie('nft/items', () => ({ nft_items: [{ address: item.toRawString(), owner_address: 'old' }] }));

    expect((await pageOf(owner, '&includeHidden=true')).items).toEqual([]);
  });

  it('are not final where one of two nodes says otherwise, and stay where one indexer leaves them out', async () => {
    const owner = await aTonOwner(app, demo);
    await mint(owner);
    second.lie('nft/items', () => ({ nft_items: [] }));
    expect(await pageOf(owner)).toMatchObject({ chain: { isComplete: false }, items: [{ isFinal: true }] });

    second.lie('runGetMethod', (truth: { stack: unknown[] }) => ({
      ...truth,
      stack: truth.stack.toReversed(),
    }));
    expect((await pageOf(owner)).items).toEqual([]);
    expect((await pageOf(owner, '&includeHidden=true')).items).toMatchObject([
      { tokenId: null, isFinal: false, isHidden: true },
    ]);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a text', 'x'],
    ['without an address', { owner_address: 'x' }],
    ['with a number for an address', { address: 7 }],
    ['with a word for an address', { address: 'pending' }],
  ])('are all but one that is %s, and not complete', async (_, odd) => {
    const owner = await aTonOwner(app, demo);
    const item = await mint(owner);
    expect(await pageOf(owner)).toMatchObject({ chain: { isComplete: true }, items: [{}] });
    for (const api of [first, second])
      api.lie('nft/items', ({ nft_items: items }: { nft_items: object[] }) => ({
        nft_items: [odd, ...items],
      }));

    expect(await pageOf(owner)).toMatchObject({
      chain: { isComplete: false },
      items: [{ contract: shownTon(item), isFinal: true }],
    });
  });

  it('come in pages, each once', async () => {
    const owner = await aTonOwner(app, demo);
    const minted: string[] = [];
    for (let at = 0; at < 5; at += 1) minted.push(shownTon(await mint(owner)));

    const items: Item[] = [];
    for (let cursor = ''; ;) {
      const page = await pageOf(owner, `&limit=2${cursor}`);
      items.push(...page.items);
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(items.map(({ contract }) => contract).toSorted()).toEqual(minted.toSorted());
    expectProblem(await ask(owner, '&cursor=MQ'), 400, 'request.invalid');
  });

  it('answer 503 while no indexer, or one of two nodes, answers', async () => {
    const owner = await aTonOwner(app, demo);
    await mint(owner);
    second.lie('runGetMethod', () => null);
    expectProblem(await ask(owner), 503, 'chain.unavailable');
    for (const api of [first, second]) api.goAway();
    expectProblem(await ask(owner), 503, 'chain.unavailable');
  });
});

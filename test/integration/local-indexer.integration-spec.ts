import type { IndexerRow } from '../support/local-indexer';
import { anvilAccount, describeWithAnvil, useAnvil, type Anvil } from '../support/anvil';
import { useFakeIndexer } from '../support/fake-indexer';

describeWithAnvil('the local indexer', () => {
  const anvil: Anvil = useAnvil();
  const indexer = useFakeIndexer(anvil);
  const other = anvilAccount(1).address.toLowerCase();

  async function rows(action: string, query: Record<string, string> = {}): Promise<readonly IndexerRow[]> {
    const asked = new URLSearchParams({ module: 'account', action, address: other, ...query });
    const answer = await fetch(`${indexer.url}?${asked.toString()}`);
    return ((await answer.json()) as { result: readonly IndexerRow[] }).result;
  }

  const values = async (query?: Record<string, string>): Promise<readonly unknown[]> =>
    (await rows('txlist', query)).map(({ value }) => value);

  it('drops what was in blocks that the chain has left, and lists what replaced it', async () => {
    await anvil.pay(anvilAccount(1).address, 5n);
    await anvil.pay(anvilAccount(1).address, 6n);
    expect(await values({ sort: 'asc' })).toEqual(['5', '6']);
    const [before] = await rows('txlist', { sort: 'desc' });

    await anvil.reorg(1);
    expect(await values()).toEqual(['5']);
    await anvil.pay(anvilAccount(1).address, 7n);

    expect(await values({ sort: 'asc' })).toEqual(['5', '7']);
    expect(await rows('txlist')).not.toContainEqual(before);
  });

  it('has pages, bounds of blocks and both orders', async () => {
    const first = Number(await anvil.client.getBlockNumber({ cacheTime: 0 })) + 1;
    for (const value of [11n, 12n, 13n]) await anvil.pay(anvilAccount(1).address, value);
    const since = { startblock: String(first) };

    expect(await values({ ...since, sort: 'asc' })).toEqual(['11', '12', '13']);
    expect(await values({ ...since, sort: 'desc', page: '2', offset: '2' })).toEqual(['11']);
    expect(await values({ ...since, sort: 'desc', endblock: String(first + 1) })).toEqual(['12', '11']);
  });

  it.each(['tokentx', 'tokennfttx', 'token1155tx', 'txlistinternal'])(
    'has no row of %s at first',
    async (list) => {
      expect(await rows(list)).toEqual([]);
    },
  );
});

import {
  rulesOfChain,
  type Address,
  type CheckedBlock,
  type Hash,
  type Transfer,
} from '@countersign/evm-blocks';
import { changed, changesOf, type AssetChange } from './assets';
import { storedOf, MAX_TOKEN_TRANSFERS } from './follower/stored-transfers';
import { entriesOf, isHidden, nameOf, type HistoryEntry } from './entry';

const me = address('a');
const other = address('b');
const token = address('c');

const block: CheckedBlock = {
  number: 7,
  hash: hash('1'),
  parentHash: hash('2'),
  timestamp: 1_700_000_000,
  transactions: [],
  withdrawals: [],
  rules: rulesOfChain('eip155:1'),
};

function address(digit: string): Address {
  return `0x${digit.repeat(40)}`;
}

function hash(digit: string): Hash {
  return `0x${digit.repeat(64)}`;
}

const transaction: NonNullable<Transfer['transaction']> = {
  hash: hash('d'),
  index: 3,
  type: 2,
  from: me,
  to: other,
  createdContract: null,
  isSuccessful: true,
  value: 5n,
  fee: 21n,
  isFeeExact: true,
};

function aTransfer(wanted: Partial<Transfer> = {}): Transfer {
  return {
    kind: 'transaction',
    key: 'transaction:3',
    asset: { standard: 'native' },
    from: me,
    to: other,
    amount: 5n,
    transaction,
    logIndex: null,
    batchIndex: null,
    recipients: 1,
    ...wanted,
  };
}

function entriesFor(wallet: Address, ...transfers: Transfer[]): readonly HistoryEntry[] {
  return entriesOf(block, wallet, transfers, () => []);
}

function changeOf(entries: readonly HistoryEntry[]): Record<string, bigint> {
  return Object.fromEntries([...changesOf(entries)].map(([name, { change }]) => [name, change]));
}

describe('the entries of a wallet', () => {
  it('are one for each transaction, with the fee where the wallet paid it', () => {
    const paid = aTransfer({ kind: 'log', asset: { standard: 'erc20', contract: token }, logIndex: 1 });

    const [mine, ...rest] = entriesFor(me, aTransfer(), paid);
    const [theirs] = entriesFor(other, aTransfer());

    expect(rest).toEqual([]);
    expect(mine).toMatchObject({
      transaction: { fee: '21' },
      transfers: [{ direction: 'out' }, { direction: 'out', logIndex: 1 }],
    });
    expect(theirs).toMatchObject({ transaction: { fee: null }, transfers: [{ direction: 'in' }] });
  });

  it('split a transaction with many transfers, and tell its fee once', () => {
    const many = Array.from({ length: 120 }, () => aTransfer({ amount: 1n }));

    const entries = entriesFor(me, ...many);

    expect(entries.map(({ part, transfers }) => [part, transfers.length])).toEqual([
      [0, 50],
      [1, 50],
      [2, 20],
    ]);
    expect(changeOf(entries)).toEqual({ native: -141n });
    expect(new Set(entries.map(nameOf)).size).toBe(3);
  });

  it('have one name in whatever block the transaction is', () => {
    const [one] = entriesFor(me, aTransfer());
    const [again] = entriesOf({ ...block, hash: hash('9'), number: 8 }, me, [aTransfer()], () => []);

    expect(one && nameOf(one)).toBe(again && nameOf(again));
  });

  it('are hidden when all of their transfers are', () => {
    const [shown] = entriesOf(block, me, [aTransfer(), aTransfer({ logIndex: 4 })], ({ logIndex }) =>
      logIndex === 4 ? ['zero_value_not_own'] : [],
    );
    const [hidden] = entriesOf(block, me, [aTransfer()], () => ['mass_airdrop']);

    expect([shown && isHidden(shown), hidden && isHidden(hidden)]).toEqual([false, true]);
  });
});

describe('what entries change', () => {
  it.each<[string, Transfer, Record<string, bigint>]>([
    ['coins that go, and the fee', aTransfer(), { native: -26n }],
    ['coins to oneself', aTransfer({ to: me }), { native: -21n }],
    [
      'coins that come',
      aTransfer({ from: other, to: me, transaction: { ...transaction, from: other } }),
      { native: 5n },
    ],
    [
      'a withdrawal',
      aTransfer({ kind: 'withdrawal', from: null, to: me, transaction: null }),
      { native: 5n },
    ],
    [
      'a collectible that comes by a transaction of one’s own',
      aTransfer({
        asset: { standard: 'erc721', contract: token, tokenId: 9n },
        from: other,
        to: me,
        amount: 1n,
      }),
      { native: -21n, [`erc721/${token}/9`]: 1n },
    ],
  ])('is %s', (_, transfer, expected) => {
    expect(changeOf(entriesFor(me, transfer))).toEqual(expected);
  });

  it('is nothing for one that vanished', () => {
    const entries = entriesFor(me, aTransfer()).map((entry) => ({
      ...entry,
      vanishedAt: '2026-11-22T00:00:00Z',
    }));

    expect(changeOf(entries)).toEqual({});
  });

  it('adds up beyond the safe integers, and keeps the last twenty events of a collectible', () => {
    const asset = { standard: 'erc1155', contract: token, tokenId: 2n ** 200n } as const;
    const big = 2n ** 255n;
    const entries = Array.from({ length: 30 }, (_, number) =>
      entriesFor(me, aTransfer({ asset, from: other, to: me, amount: big })).map((entry) => ({
        ...entry,
        block: { ...entry.block, number },
      })),
    ).flat();
    const [, change] = [...changesOf(entries)].find(([name]) => name.startsWith('erc1155')) ?? [];

    const record = changed(null, change as AssetChange);
    const twice = changed(record, change as AssetChange);

    expect(record.change).toBe((30n * big).toString());
    expect(twice.change).toBe((60n * big).toString());
    expect(record.events).toHaveLength(20);
    expect(record.events[0]?.block.number).toBe(29);
  });
});

describe('a flood of transfers', () => {
  const foreign = { ...transaction, from: other, to: token };
  const flood = Array.from({ length: 20_000 }, (_, index) =>
    aTransfer({
      kind: 'log',
      key: `log:9:${index}`,
      asset: { standard: 'erc1155', contract: token, tokenId: BigInt(index) },
      from: other,
      to: me,
      transaction: foreign,
    }),
  );
  const late = aTransfer({
    kind: 'log',
    asset: { standard: 'erc20', contract: address('e') },
    from: other,
    to: me,
    transaction: { ...foreign, hash: hash('f') },
  });
  const coin = aTransfer({ from: other, to: me, transaction: { ...foreign, hash: hash('8') } });

  it('is stored up to a bound, and displaces neither another token nor the coin', () => {
    const { stored, omitted } = storedOf([...flood, late, coin], me, new Set());
    const entries = entriesOf(block, me, stored, () => [], omitted);

    const count = flood.length - MAX_TOKEN_TRANSFERS + 1;
    expect(omitted).toEqual({ count, hasListed: false });
    expect(stored).toHaveLength(MAX_TOKEN_TRANSFERS + 1);
    expect(stored.slice(-2)).toEqual([late, coin]);
    expect(entries).toHaveLength(12);
    expect(entries.every(({ omittedInBlock }) => omittedInBlock === count)).toBe(true);
    expect(entries.map(({ omittedOf }) => omittedOf)).toEqual([
      { hasListed: false },
      ...entries.slice(1).map(() => undefined),
    ]);
  });

  it('does not displace listed tokens, nor what the wallet did itself', () => {
    const own = flood.slice(0, 100).map((transfer) => ({ ...transfer, from: me, to: other, transaction }));
    const listed = flood.slice(0, 10).map((transfer) => ({
      ...transfer,
      asset: { standard: 'erc20', contract: address('9') } as const,
    }));

    const { stored } = storedOf([...flood, ...own, ...listed], me, new Set([address('9')]));

    expect(stored).toEqual(expect.arrayContaining([...own, ...listed]));
    expect(stored).toHaveLength(MAX_TOKEN_TRANSFERS);
    expect(storedOf(flood, me, new Set([token])).omitted).toMatchObject({ hasListed: true });
  });

  it('leaves what is within the bound as it is', () => {
    const few = [...flood.slice(0, MAX_TOKEN_TRANSFERS), coin];

    expect(storedOf(few, me, new Set())).toEqual({ stored: few, omitted: null });
    expect(entriesOf(block, me, few, () => [])[0]).not.toHaveProperty('omittedInBlock');
  });
});

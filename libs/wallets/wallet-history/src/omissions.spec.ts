import type { EntryTransfer, HistoryEntry } from './entry';
import { NOTHING_OMITTED, OmissionCounter, toOmissions } from './omissions';

const foreign = contractOf(1);
const listed = contractOf(2);
const lists = new Set([listed]);

function contractOf(number: number): string {
  return `0x${number.toString(16).padStart(40, '0')}`;
}

function aTransfer(contract: string | null): EntryTransfer {
  return {
    kind: 'log',
    standard: contract === null ? 'native' : 'erc20',
    contract,
    tokenId: null,
    direction: 'in',
    counterparty: null,
    amount: '1',
    logIndex: 0,
    batchIndex: null,
    spam: [],
  };
}

function anEntry(contracts: readonly (string | null)[], other: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    block: { number: 7, hash: `0x${'1'.repeat(64)}`, at: 1_700_000_000 },
    transaction: null,
    part: 0,
    transfers: contracts.map(aTransfer),
    vanishedAt: null,
    ...other,
  };
}

describe('what is stored of a wallet on a chain', () => {
  it('has foreign transfers up to a bound, and counts those beyond it', () => {
    const count = new OmissionCounter(NOTHING_OMITTED, lists, 5);

    const stored = [3, 3, 3].map((size) => count.store(anEntry(Array(size).fill(foreign)))?.transfers.length);

    expect(stored).toEqual([3, 2, undefined]);
    expect(count.changed).toEqual({ foreign: 5, omitted: 4, hasListed: false });
  });

  it('always has the coin, listed tokens and what the wallet did itself', () => {
    const count = new OmissionCounter({ ...NOTHING_OMITTED, foreign: 5 }, lists, 5);
    const own = anEntry([foreign, foreign], { isOwn: true });
    const mixed = anEntry([foreign, listed, null, foreign]);

    expect(count.store(own)).toBe(own);
    expect(count.store(mixed)?.transfers.map(({ contract }) => contract)).toEqual([listed, null]);
    expect(count.changed).toMatchObject({ foreign: 5, omitted: 2 });
  });

  it('goes on from where it was, and says when it has not changed', () => {
    const before = { foreign: 4, omitted: 9, hasListed: true };
    const count = new OmissionCounter(before, lists, 5);

    expect(count.store(anEntry([null]))).not.toBeNull();
    expect(count.changed).toBeNull();
    count.store(anEntry([foreign, foreign]));

    expect(count.changed).toEqual({ foreign: 5, omitted: 10, hasListed: true });
  });

  it('counts what was too much in a block, once it is final', () => {
    const count = new OmissionCounter(NOTHING_OMITTED, lists, 5);
    const omittedOf = { hasListed: true };
    count.store(anEntry([null], { omittedInBlock: 8, omittedOf }));
    count.store(anEntry([null], { omittedInBlock: 8, part: 1 }));
    count.store(anEntry([null], { omittedInBlock: 3, omittedOf, vanishedAt: '2026-11-23T00:00:00Z' }));

    expect(count.changed).toEqual({ foreign: 0, omitted: 8, hasListed: true });
  });
});

describe('what an earlier version counted', () => {
  it.each([
    ['listed', listed, true],
    ['other', foreign, false],
  ])('says whether transfers of %s tokens are not stored', (_, contract, hasListed) => {
    const stored = { foreign: 3, omitted: 4, contracts: [contractOf(9), contract] };

    expect(toOmissions(stored, lists)).toEqual({ foreign: 3, omitted: 4, hasListed });
  });
});

import type { EntryTransfer, HistoryEntry } from './entry';
import {
  countedUpTo,
  isWhole,
  MAX_MARKS,
  MAX_NOTED,
  NOTHING_OMITTED,
  noted,
  OmissionCounter,
  type OmissionCount,
} from './omission-count';

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
    const count = new OmissionCounter(null, lists, 5);

    const kept = [3, 3, 3].map((size) => count.keep(anEntry(Array(size).fill(foreign)))?.transfers.length);

    expect(kept).toEqual([3, 2, undefined]);
    expect(count.changed).toEqual({
      foreign: 5,
      omitted: 4,
      marks: [{ block: 7, before: 0 }],
      contracts: [foreign],
      hasOthers: false,
    });
  });

  it('always has the coin, listed tokens and what the wallet did itself', () => {
    const count = new OmissionCounter({ ...NOTHING_OMITTED, foreign: 5 }, lists, 5);
    const own = anEntry([foreign, foreign], { isOwn: true });
    const mixed = anEntry([foreign, listed, null, foreign]);

    expect(count.keep(own)).toBe(own);
    expect(count.keep(mixed)?.transfers.map(({ contract }) => contract)).toEqual([listed, null]);
    expect(count.changed).toMatchObject({ foreign: 5, omitted: 2 });
  });

  it('goes on from where it was, and says when it has not changed', () => {
    const before = { foreign: 4, omitted: 9, contracts: [listed], hasOthers: false };
    const count = new OmissionCounter(before, lists, 5);

    expect(count.keep(anEntry([null]))).not.toBeNull();
    expect(count.changed).toBeNull();
    count.keep(anEntry([foreign, foreign]));

    expect(count.changed).toEqual({
      foreign: 5,
      omitted: 10,
      marks: [{ block: 7, before: 9 }],
      contracts: [listed, foreign],
      hasOthers: false,
    });
  });

  it('counts what was too much in a block, once it is final', () => {
    const count = new OmissionCounter(null, lists, 5);
    const omittedOf = { contracts: [foreign], hasOthers: false };
    count.keep(anEntry([null], { omittedInBlock: 8, omittedOf }));
    count.keep(anEntry([null], { omittedInBlock: 8, part: 1 }));
    count.keep(anEntry([null], { omittedInBlock: 3, omittedOf, vanishedAt: '2026-11-23T00:00:00Z' }));

    expect(count.changed).toMatchObject({ foreign: 0, omitted: 8, contracts: [foreign], hasOthers: false });
  });
});

describe('what is counted of a wallet whose chain is read again', () => {
  /** One transfer of each block is not stored. */
  function countedOf(before: OmissionCount | null, blocks: readonly number[]): OmissionCount {
    const count = new OmissionCounter(before, lists, 0);
    for (const number of blocks)
      count.keep(anEntry([foreign], { block: { number, hash: `0x${'1'.repeat(64)}`, at: 1_700_000_000 } }));
    return count.changed ?? NOTHING_OMITTED;
  }

  it.each<[number, number]>([
    [0, 0],
    [3, 0],
    [4, 2],
    [8, 2],
    [9, 3],
    [50, 3],
  ])('up to block %i is %i', (lastBlock, omitted) => {
    const all = countedOf(null, [4, 4, 9]);

    const counted = countedUpTo(all, lastBlock);

    expect(counted).toMatchObject({ omitted, contracts: [foreign] });
    const later = [4, 4, 9].filter((block) => block > lastBlock);
    expect(later.length === 0 ? counted : countedOf(counted, later)).toEqual(all);
  });

  it('is never too low where it is read again from long before', () => {
    const blocks = Array.from({ length: MAX_MARKS + 20 }, (_, index) => index + 1);
    const all = countedOf(null, blocks);

    expect(all.marks).toHaveLength(MAX_MARKS);
    expect(countedUpTo(all, 20).omitted).toBe(20);
    expect(countedUpTo(all, 10)).toMatchObject({ omitted: 20, marks: [] });
  });

  it('is counted once where its key did not open meanwhile', () => {
    const all = countedOf(null, [4, 9, 12]);

    expect(countedOf(all, [4, 9])).toEqual(all);
    expect(countedOf(all, [9, 13])).toMatchObject({ omitted: 4 });
  });
});

describe('the contracts of which something is missing', () => {
  it('are noted up to a bound, listed ones beyond it', () => {
    const many = Array.from({ length: MAX_NOTED + 5 }, (_, index) => contractOf(100 + index));

    const omitted = noted(NOTHING_OMITTED, { contracts: [...many, listed], hasOthers: false }, lists);

    expect(omitted.contracts).toHaveLength(MAX_NOTED + 1);
    expect(omitted.hasOthers).toBe(true);
    const unlisted = contractOf(7);
    const whole = [null, listed, unlisted].map((contract) => isWhole(omitted, contract, lists));
    expect(whole).toEqual([true, false, false]);
    const few = noted(NOTHING_OMITTED, { contracts: [foreign], hasOthers: false }, lists);
    expect([foreign, listed, unlisted].map((contract) => isWhole(few, contract, lists))).toEqual([
      false,
      true,
      true,
    ]);
  });
});

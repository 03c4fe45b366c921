import { NodeError, type AccountList, type EvmIndexer } from '@countersign/chains';
import type { Address } from '@countersign/transfers';
import { readBlockNumber, readRow, type MovedRow, type SentRow } from './rows';

export interface Window {
  /** Only whole blocks. */
  readonly rows: readonly (SentRow | MovedRow)[];
  /** The next older block; `null`: there is none. */
  readonly nextBlock: number | null;
  /** False if the indexer calls it incomplete, a row cannot be read, or a block has more rows than one answer. */
  readonly isComplete: boolean;
}

interface ListsWanted {
  readonly lists: readonly AccountList[];
  readonly wallet: Address;
  readonly toBlock: number | null;
  readonly count: number;
}

interface ListRead extends Omit<Window, 'nextBlock'> {
  /** Blocks up to this one are not read to their end. -1: all blocks are. */
  readonly unreadTo: number;
}

/** Divides the count after an answer that is too large: any user can send a wallet transactions with much data. */
const SMALLER = 10;
const MIN_COUNT = 2;

export async function readWindow(indexer: EvmIndexer, wanted: ListsWanted): Promise<Window> {
  const asked = await Promise.allSettled(wanted.lists.map((list) => readList(indexer, list, wanted)));
  const failure = asked.find((one) => one.status === 'rejected');
  if (failure) {
    if (failure.reason instanceof NodeError) indexer.failed(failure.reason);
    throw failure.reason;
  }
  const lists = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const unreadTo = Math.max(...lists.map((list) => list.unreadTo));
  return {
    rows: lists.flatMap(({ rows }) => rows.filter(({ number }) => number > unreadTo)),
    nextBlock: unreadTo < 0 ? null : unreadTo,
    isComplete: lists.every(({ isComplete }) => isComplete),
  };
}

async function readList(
  indexer: EvmIndexer,
  list: AccountList,
  { wallet, toBlock, count: wanted }: ListsWanted,
): Promise<ListRead> {
  for (let count = wanted; ; count = Math.max(MIN_COUNT, Math.floor(count / SMALLER))) {
    try {
      return await indexer.rows(list, { address: wallet, toBlock, count }, ({ rows, isComplete }) => {
        const read = rows.flatMap((row) => readRow(list, row) ?? []);
        const isWhole = isComplete && read.length === rows.length;
        const cutRows = rows.length === count ? rows : null;
        return toListRead({ read, isComplete: isWhole, cutRows }, wallet, toBlock);
      });
    } catch (error) {
      const isTooLarge = error instanceof NodeError && error.details.reason === 'answer_too_large';
      if (!isTooLarge || count <= MIN_COUNT) throw error;
    }
  }
}

function toListRead(
  {
    read,
    isComplete,
    cutRows,
  }: {
    readonly read: readonly (SentRow | MovedRow)[];
    readonly isComplete: boolean;
    /** All rows, if there are as many as were requested. */
    readonly cutRows: readonly unknown[] | null;
  },
  wallet: Address,
  toBlock: number | null,
): ListRead {
  const numbers = read.map(({ number }) => number);
  const isInOrder = numbers.every((number, at) => number <= (numbers[at - 1] ?? toBlock ?? number));
  if (!isInOrder) throw new NodeError('away', { reason: 'rows_in_disorder' });
  const rows = read.filter((row) => touches(row, wallet));
  if (!cutRows) return { rows, isComplete, unreadTo: -1 };
  // Rows that cannot be read must not hide older rows, because anyone may be able to fill a list with them.
  const known = numbers.length > 0 ? numbers : cutRows.flatMap((row) => readBlockNumber(row) ?? []);
  const blocks = known.filter((number) => number <= (toBlock ?? number));
  if (blocks.length === 0) return { rows, isComplete: false, unreadTo: -1 };
  const last = Math.min(...blocks);
  // The rest of this block cannot be requested, because a cursor names a block.
  const isOneBlock = blocks.every((number) => number === last);
  return { rows, isComplete: isComplete && !isOneBlock, unreadTo: isOneBlock ? last - 1 : last };
}

/** A failed internal transfer moved nothing. */
function touches(row: SentRow | MovedRow, wallet: Address): boolean {
  if (row.kind === 'internal' && row.amount === 0n) return false;
  const created = row.kind === 'sent' ? row.createdContract : null;
  return row.from === wallet || row.to === wallet || created === wallet;
}

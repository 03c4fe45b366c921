import { NodeError, type AccountList, type EvmIndexer } from '@countersign/chains';
import type { Address } from '@countersign/evm-blocks';
import { readRow, type MovedRow, type SentRow } from './rows';

/** What an indexer lists of a wallet, from a block on towards older ones. */
export interface Window {
  /** Of whole blocks. */
  readonly rows: readonly (SentRow | MovedRow)[];
  /** The next block towards older ones. `null`: there is none. */
  readonly nextBlock: number | null;
  /** False where the indexer had not read all of it, or a block has more rows than one answer. */
  readonly isComplete: boolean;
}

export interface WindowWanted {
  readonly lists: readonly AccountList[];
  readonly wallet: Address;
  readonly toBlock: number | null;
  /** Of each list at most. */
  readonly count: number;
}

interface ListRead extends Omit<Window, 'nextBlock'> {
  /** Blocks up to this one are not read to their end. -1: all are. */
  readonly unreadTo: number;
}

/** The count is divided by this after an answer that is too large: any user can send a wallet transactions with much data. */
const SMALLER = 10;
const MIN_COUNT = 2;

/** All lists are cut at the same block. @throws NodeError */
export async function readWindow(indexer: EvmIndexer, wanted: WindowWanted): Promise<Window> {
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

/** @throws NodeError */
async function readList(
  indexer: EvmIndexer,
  list: AccountList,
  { wallet, toBlock, count: wanted }: WindowWanted,
): Promise<ListRead> {
  for (let count = wanted; ; count = Math.max(MIN_COUNT, Math.floor(count / SMALLER))) {
    try {
      return await indexer.rows(list, { address: wallet, toBlock, count }, ({ rows, isComplete }) => {
        const read = rows.map((row) => readRow(list, row));
        return toListRead({ read, isComplete, isCut: rows.length === count }, wallet, toBlock);
      });
    } catch (error) {
      const isTooLarge = error instanceof NodeError && error.details.reason === 'answer_too_large';
      if (!isTooLarge || count <= MIN_COUNT) throw error;
    }
  }
}

/** @throws NodeError */
function toListRead(
  {
    read,
    isComplete,
    isCut,
  }: {
    readonly read: readonly (SentRow | MovedRow)[];
    readonly isComplete: boolean;
    /** It has as many rows as were asked for. */
    readonly isCut: boolean;
  },
  wallet: Address,
  toBlock: number | null,
): ListRead {
  const numbers = read.map(({ number }) => number);
  const isInOrder = numbers.every((number, at) => number <= (numbers[at - 1] ?? toBlock ?? number));
  if (!isInOrder) throw new NodeError('away', { reason: 'rows_in_disorder' });
  const rows = read.filter((row) => touches(row, wallet));
  const last = numbers.at(-1) ?? 0;
  if (!isCut) return { rows, isComplete, unreadTo: -1 };
  // More of this block cannot be asked for: a cursor goes by block.
  const isOneBlock = numbers[0] === last;
  return { rows, isComplete: isComplete && !isOneBlock, unreadTo: isOneBlock ? last - 1 : last };
}

/** An internal transfer that failed moved nothing. */
function touches(row: SentRow | MovedRow, wallet: Address): boolean {
  if (row.kind === 'internal' && row.amount === 0n) return false;
  const created = row.kind === 'sent' ? row.createdContract : null;
  return row.from === wallet || row.to === wallet || created === wallet;
}

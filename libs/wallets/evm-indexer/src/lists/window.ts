import { NodeError, type AccountList, type EvmIndexer, type IndexerRows } from '@countersign/chains';
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
  const lists = await Promise.all(wanted.lists.map((list) => readList(indexer, list, wanted)));
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
  { wallet, toBlock, count: wanted }: WindowWanted,
): Promise<ListRead> {
  const { count, raw, isComplete } = await fitting(wanted, (most) =>
    indexer.rows(list, { address: wallet, toBlock, count: most }),
  );
  const read = raw.map((row) => readRow(list, row));
  const numbers = read.map(({ number }) => number);
  const isInOrder = numbers.every((number, at) => number <= (numbers[at - 1] ?? toBlock ?? number));
  if (!isInOrder) throw new NodeError('away', { reason: 'rows_in_disorder' });
  const rows = read.filter((row) => touches(row, wallet));
  const last = numbers.at(-1) ?? 0;
  if (raw.length < count) return { rows, isComplete, unreadTo: -1 };
  // More of this block cannot be asked for: a cursor goes by block.
  const isOneBlock = numbers[0] === last;
  return { rows, isComplete: isComplete && !isOneBlock, unreadTo: isOneBlock ? last - 1 : last };
}

/** @throws NodeError */
async function fitting(
  wanted: number,
  ask: (count: number) => Promise<IndexerRows>,
): Promise<{ readonly count: number; readonly raw: readonly unknown[]; readonly isComplete: boolean }> {
  for (let count = wanted; ; count = Math.max(MIN_COUNT, Math.floor(count / SMALLER))) {
    try {
      const { rows, isComplete } = await ask(count);
      return { count, raw: rows, isComplete };
    } catch (error) {
      const isTooLarge = error instanceof NodeError && error.details.reason === 'answer_too_large';
      if (!isTooLarge || count <= MIN_COUNT) throw error;
    }
  }
}

/** An internal transfer that failed moved nothing. */
function touches(row: SentRow | MovedRow, wallet: Address): boolean {
  if (row.kind === 'internal' && row.amount === 0n) return false;
  const created = row.kind === 'sent' ? row.createdContract : null;
  return row.from === wallet || row.to === wallet || created === wallet;
}

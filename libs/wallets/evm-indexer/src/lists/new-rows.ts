import { NodeError, type AccountList, type EvmIndexer, type IndexerRows } from '@countersign/chains';
import type { Address } from '@countersign/evm-transfers';
import { readBlockNumber, readRow, type MovedRow, type SentRow } from './rows';
import { readLists, touches } from './window';

interface NewRowsWanted {
  readonly lists: readonly AccountList[];
  readonly wallet: Address;
  readonly fromBlock: number;
  readonly toBlock: number;
  /** Of each list at most. */
  readonly count: number;
}

/** What an indexer lists of a wallet in a range of blocks, from the oldest one on. */
export interface NewRows {
  readonly rows: readonly (SentRow | MovedRow)[];
  /** The last block of which all rows are there; below the range where there is none. */
  readonly readTo: number;
}

/** One page of each list. @throws NodeError */
export async function readNewRows(indexer: EvmIndexer, wanted: NewRowsWanted): Promise<NewRows> {
  const lists = await readLists(indexer, wanted, (list, rows, count) => readPage(list, rows, wanted, count));
  const readTo = Math.min(...lists.map((list) => list.readTo));
  return { rows: lists.flatMap(({ rows }) => rows.filter(({ number }) => number <= readTo)), readTo };
}

/** @throws NodeError */
export function readPage(
  list: AccountList,
  { rows: raw, isComplete }: IndexerRows,
  { wallet, fromBlock, toBlock }: Pick<NewRowsWanted, 'wallet' | 'fromBlock' | 'toBlock'>,
  count: number,
): NewRows {
  const numbers = raw.map((row) => readBlockNumber(row) ?? -1);
  const isInOrder = numbers.every((number, at) => number >= (numbers[at - 1] ?? fromBlock));
  const last = numbers.at(-1) ?? toBlock;
  if (!isInOrder || last > toBlock) throw new NodeError('away', { reason: 'rows_in_disorder' });
  const rows = raw.flatMap((row) => readRow(list, row) ?? []).filter((row) => touches(row, wallet));
  if (!isComplete) return { rows, readTo: fromBlock - 1 };
  if (raw.length < count) return { rows, readTo: toBlock };
  // More of one block cannot be asked for: what does not fit a page is left out.
  return { rows, readTo: numbers[0] === last ? last : last - 1 };
}

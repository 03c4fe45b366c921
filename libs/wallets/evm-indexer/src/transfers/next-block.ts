/**
 * The block up to which nothing is read again. Indexers are behind, and nodes know some transactions later: the last hour of
 * blocks is read again, unless a full page shows that the indexer is further.
 */
export function nextBlock({
  block,
  horizon,
  readTo,
  toBlock,
  unconfirmed,
}: {
  /** That of the row. */
  readonly block: number;
  /** The final block, less the blocks of an hour. */
  readonly horizon: number;
  /** What was read completely, of blocks up to `toBlock`. */
  readonly readTo: number;
  readonly toBlock: number;
  /** The oldest block with a transaction that nodes did not confirm; `null` without one. */
  readonly unconfirmed: number | null;
}): number {
  const read = readTo < toBlock ? readTo : horizon;
  const confirmed = unconfirmed === null ? read : Math.max(horizon, unconfirmed - 1);
  return Math.max(block, Math.min(read, confirmed));
}

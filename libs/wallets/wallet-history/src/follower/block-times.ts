import { NodeError } from '@countersign/chains';
import type { CheckedBlock } from '@countersign/evm-blocks';
import { MINUTE, SECOND } from '@countersign/clock';

/** How far the time of a block may be ahead. Consensus allows seconds; clocks of this machine may be minutes behind. */
export const MAX_AHEAD_MS = 15 * MINUTE;

/**
 * People see the time of a block, so a node cannot choose it freely.
 * @param previousAt Unix seconds of the block before; `null` where that is not known
 * @param latest no block is later
 * @returns Unix seconds of the last block
 * @throws NodeError lying, for a time in the future, or before that of the parent
 */
export function checkTimes(
  blocks: readonly Pick<CheckedBlock, 'timestamp'>[],
  previousAt: number | null,
  latest: Date,
): number | null {
  return blocks.reduce((before: number | null, { timestamp }) => {
    if (timestamp * SECOND > latest.getTime())
      throw new NodeError('lying', { reason: 'block.in_the_future' });
    // On some chains blocks share a second.
    if (before !== null && timestamp < before)
      throw new NodeError('lying', { reason: 'block.before_its_parent' });
    return timestamp;
  }, previousAt);
}

import type { Chain } from '@countersign/chains';
import { HOUR } from '@countersign/clock';
import type { BlockLink, ChainWindow } from '@countersign/evm-blocks';
import type { FollowStarts } from '../../store/follow-starts';
import type { PendingOwners } from './pending-owners';

const MIN_WINDOW_BLOCKS = 1_024;

/**
 * How many blocks the window has: those of an hour, at least 1,024 and twice the confirmations. As a rule fewer are not final: blocks
 * of rollups become final with Ethereum's, some twenty minutes later.
 */
export function windowBlocksOf({ blockTimeMs, confirmations }: Chain): number {
  return Math.max(MIN_WINDOW_BLOCKS, Math.ceil(HOUR / blockTimeMs), 2 * confirmations);
}

/** How a block was read. */
export interface BlockReading {
  /** Of the node, in the file of chains. `null`: another replica read it. */
  readonly index: number | null;
  /** The hash was recomputed from the contents. */
  readonly isRecomputed: boolean;
}

/** What is in memory while this replica has the lease. */
export interface LeasedChain {
  window: ChainWindow;
  readonly owners: PendingOwners;
  readonly starts: FollowStarts;
  /** Unix seconds of the tip; `null` where it was not read by this replica. */
  tipAt: number | null;
  /** By number, of blocks that are not final. */
  readonly readings: Map<number, BlockReading>;
  /** Whether the last block that was read has a header with a field that is not known: its contents were not recomputed. */
  hasUnknownHeader: boolean;
  /** How many blocks are asked for at once. */
  batch: number;
  /** Of `FollowedAddresses` when `starts` was complete. `null`: it never was. */
  version: number | null;
}

export function tipOf({ window }: LeasedChain): BlockLink {
  if (!window.head) throw new Error('no block is read');
  return window.head;
}

import type { BlockLink, ChainWindow } from '@countersign/evm-blocks';
import type { PendingOwners } from './pending-owners';

/** More than are not final as a rule. */
export const WINDOW_BLOCKS = 1_024;
export const BLOCKS_PER_BATCH = 8;

/** What is held in memory while this replica has the lease. */
export interface Held {
  window: ChainWindow;
  readonly owners: PendingOwners;
  /** From which block on, by wallet. */
  readonly registered: Map<string, number>;
  /** Unix seconds of the tip; `null` where it was not read by this replica. */
  tipAt: number | null;
  /** How many blocks are asked for at once. */
  batch: number;
  /** Of `FollowedAddresses` when `registered` was complete. */
  version: number;
}

export function tipOf({ window }: Held): BlockLink {
  if (!window.head) throw new Error('no block is held');
  return window.head;
}

import type { CheckedBlock } from './checked-block';
import type { Address } from './hex';
import type { SeenTransfers } from './transfer';

/**
 * The transfers of the block from or to followed addresses, in the order of their transactions and logs; withdrawals last.
 *
 * @param isFollowed asked once for each address of the block
 */
export function transfersOf(block: CheckedBlock, isFollowed: (address: Address) => boolean): SeenTransfers {
  throw new Error(String([block, isFollowed]));
}

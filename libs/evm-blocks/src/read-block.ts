import type { Result } from '@countersign/errors';
import type { BlockFault } from './block-faults';
import type { ChainRules } from './chain-rules';
import type { CheckedBlock } from './checked-block';
import type { Hash } from './hex';

/** What the node was asked for: by number, by hash, or both. */
export interface AskedBlock {
  readonly number?: number;
  readonly hash?: Hash;
}

/**
 * Reads the answers of `eth_getBlockByNumber` or `eth_getBlockByHash` with whole transactions, and of `eth_getBlockReceipts`,
 * as one block whose parts belong together. Nothing in them makes it throw. The caller bounds their size in bytes.
 *
 * @param rawBlock `result` of the first answer, parsed from JSON
 * @param rawReceipts `result` of the second, or the single receipts in the order of the transactions
 */
export function readBlock(
  rawBlock: unknown,
  rawReceipts: unknown,
  asked: AskedBlock,
  rules: ChainRules,
): Result<CheckedBlock, BlockFault> {
  throw new Error(String([rawBlock, rawReceipts, asked, rules]));
}

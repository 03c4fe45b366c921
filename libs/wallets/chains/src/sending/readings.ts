import { readHash, readQuantity } from '../evm/quantities';
import { isRecord } from '../rpc/json-rpc';

/** What one node says of a transaction. */
export type TransactionState =
  /** The node has never heard of it, or no longer knows it. */
  | { readonly state: 'unknown' }
  | { readonly state: 'pending' }
  | {
      readonly state: 'mined';
      readonly blockHash: string;
      readonly blockNumber: number;
      /** False: it was reverted. */
      readonly isSuccessful: boolean;
    };

/**
 * The answers to `eth_getTransactionReceipt` and `eth_getTransactionByHash`, and to `eth_getBlockByHash` for a block that
 * the node had before. Null where they are none.
 */
export function readTransactionState(
  hash: string,
  receipt: unknown,
  transaction: unknown,
): TransactionState | null {
  if (receipt !== null) return readReceipt(hash, receipt);
  if (transaction === null) return { state: 'unknown' };
  if (!isRecord(transaction) || readHash(transaction['hash']) !== hash) return null;
  return { state: 'pending' };
}

function readReceipt(hash: string, receipt: unknown): TransactionState | null {
  if (!isRecord(receipt) || readHash(receipt['transactionHash']) !== hash) return null;
  const blockHash = readHash(receipt['blockHash']);
  const blockNumber = readQuantity(receipt['blockNumber']);
  const { status } = receipt;
  if (blockHash === null || blockNumber === null || (status !== '0x1' && status !== '0x0')) return null;
  return { state: 'mined', blockHash, blockNumber, isSuccessful: status === '0x1' };
}

/** An amount of the coin or of gas; null for anything else. */
export function readAmount(value: unknown): bigint | null {
  return typeof value === 'string' && /^0x(?:0|[1-9a-f][0-9a-f]{0,63})$/i.test(value) ? BigInt(value) : null;
}

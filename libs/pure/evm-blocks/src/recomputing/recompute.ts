import type { BlockFault } from '../block-faults';
import type { CheckedTransaction } from '../checked-block';
import { isHash, readQuantity, type Hash } from '../hex';
import { isAbsent, isFields, type Fields } from '../reading/json-fields';
import {
  encodeHeader,
  encodeReceipt,
  encodeTransaction,
  encodeWithdrawal,
  hasUnknownField,
} from './encode-block';
import { keccakOfHex } from './keccak';
import { rootOf } from './ordered-trie';
import { NotEncodable, rlpBytes, rlpList, rlpQuantity, type Digits } from './rlp';

/** Answers of a node, and what was read of them. */
export interface RawContents {
  readonly block: Fields;
  readonly receipts: readonly unknown[];
  readonly transactions: readonly CheckedTransaction[];
  readonly withdrawals: readonly unknown[];
}

/**
 * Whether the header may have been hashed with a field of a later upgrade: the node names one that is not known, and the
 * fields that are known have another hash. A node that lies may say so too.
 */
export function isHeaderUnknown(block: Fields): boolean {
  if (!hasUnknownField(block)) return false;
  try {
    return !isHash(block['hash'], hashOf(encodeHeader(block)));
  } catch (error) {
    if (error instanceof NotEncodable) return true;
    throw error;
  }
}

/**
 * Whether transactions, receipts and withdrawals are those that the hash of the block stands for, by Ethereum's rules: hashes
 * of transactions, the three roots and the hash of the header are recomputed, and so is what a receipt says besides. Two things
 * that are in no root are not checked: who sent a transaction, which its signature says, and the price of blobs.
 *
 * @returns the rule that is broken; null where none is
 */
export function contentsFault({
  block,
  receipts,
  transactions,
  withdrawals,
}: RawContents): BlockFault | null {
  try {
    if (!isHash(block['hash'], hashOf(encodeHeader(block)))) return 'block.hash_differs';
    const raw = block['transactions'] as readonly unknown[];
    const encoded = transactions.map(({ type }, index) => encodeTransaction(raw[index], type));
    if (encoded.some((digits, index) => hashOf(digits) !== transactions[index]?.hash))
      return 'block.transaction_hash_differs';
    if (!isRoot(block['transactionsRoot'], encoded)) return 'block.transactions_differ';
    const outcomes = transactions.map(({ type }, index) => encodeReceipt(receipts[index], type));
    if (!isRoot(block['receiptsRoot'], outcomes)) return 'block.receipts_differ';
    const root = block['withdrawalsRoot'];
    const areDifferent = isAbsent(root)
      ? withdrawals.length > 0
      : !isRoot(root, withdrawals.map(encodeWithdrawal));
    if (areDifferent) return 'block.withdrawals_differ';
    return areOutcomesRight(block, raw, receipts, transactions) ? null : 'block.outcome_differs';
  } catch (error) {
    if (error instanceof NotEncodable) return 'block.not_encodable';
    throw error;
  }
}

/** What receipts say that follows from others, from their transactions and the block. */
function areOutcomesRight(
  block: Fields,
  raw: readonly unknown[],
  receipts: readonly unknown[],
  transactions: readonly CheckedTransaction[],
): boolean {
  let before = 0n;
  return transactions.every(({ cost, from, createdContract, type }, index) => {
    const transaction = raw[index];
    const receipt = receipts[index];
    if (!isFields(transaction) || !isFields(receipt)) return false;
    const used = quantityOf(receipt['cumulativeGasUsed']);
    const isGasRight = BigInt(cost.gasUsed) === used - before;
    before = used;
    if (cost.l1Fee !== null || cost.isInToken || cost.hasOtherPart) return false;
    const blobs = type === 3 ? (transaction['blobVersionedHashes'] as readonly unknown[]).length : 0;
    if (BigInt(cost.blobGasUsed ?? 0) !== BigInt(blobs) * GAS_PER_BLOB) return false;
    if (createdContract !== null && createdContract !== contractOf(from, transaction['nonce'])) return false;
    return (
      isGasRight && cost.gasPrice !== null && BigInt(cost.gasPrice) === priceOf(block, transaction, type)
    );
  });
}

/** EIP-4844. */
const GAS_PER_BLOB = 131_072n;

function priceOf(block: Fields, transaction: Fields, type: number): bigint {
  if (type < 2) return quantityOf(transaction['gasPrice']);
  const most = quantityOf(transaction['maxFeePerGas']);
  const wanted = quantityOf(block['baseFeePerGas']) + quantityOf(transaction['maxPriorityFeePerGas']);
  return wanted < most ? wanted : most;
}

function contractOf(from: string, nonce: unknown): string {
  return `0x${keccakOfHex(rlpList([rlpBytes(from), rlpQuantity(nonce)])).slice(24)}`;
}

function quantityOf(value: unknown): bigint {
  const quantity = readQuantity(value);
  if (quantity === undefined) throw new NotEncodable('no quantity');
  return BigInt(quantity);
}

function isRoot(reported: unknown, values: readonly Digits[]): boolean {
  return isHash(reported, `0x${rootOf(values)}`);
}

function hashOf(digits: Digits): Hash {
  return `0x${keccakOfHex(digits)}`;
}

import type { Address, Hash } from './hex';

/** A log, read as far as each log must be. */
export interface CheckedLog {
  readonly address: Address;
  /** At most four, in lower case. */
  readonly topics: readonly Hash[];
  /** As the node answered: checked where it is decoded. */
  readonly data: string;
}

/** Amounts are hexadecimal quantities, checked: most of them are never needed as numbers. */
export interface CheckedTransaction {
  readonly hash: Hash;
  readonly index: number;
  /** EIP-2718; 0 for transactions from before it. */
  readonly type: number;
  readonly from: Address;
  /** Null where it creates a contract. */
  readonly to: Address | null;
  readonly createdContract: Address | null;
  readonly isSuccessful: boolean;
  /** In wei. */
  readonly value: string;
  readonly cost: TransactionCost;
  /** What a deposit from another chain creates for its sender, in wei, also where it fails. */
  readonly mint: string | null;
  readonly logs: readonly CheckedLog[];
}

export interface TransactionCost {
  readonly gasUsed: string;
  /** Wei per gas; null where the node tells none. */
  readonly gasPrice: string | null;
  /** Of blobs (EIP-4844). */
  readonly blobGasUsed: string | null;
  readonly blobGasPrice: string | null;
  /** What rollups charge besides, in wei. */
  readonly l1Fee: string | null;
  /** Charged in a token (Celo). */
  readonly isInToken: boolean;
  /** The chain charges more than the receipt says in wei. */
  readonly hasOtherPart: boolean;
}

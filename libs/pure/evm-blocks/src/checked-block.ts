import type { ChainRules } from './chain-rules';
import type { Address, Hash } from './hex';
import type { Fields } from './reading/json-fields';

/** How a block hangs on the one before. */
export interface BlockLink {
  readonly number: number;
  readonly hash: Hash;
  readonly parentHash: Hash;
}

/** A log, read as far as each log must be. */
export interface CheckedLog {
  readonly index: number;
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
  /** As the node answered it, where its contents are recomputed. */
  readonly raw: Fields | undefined;
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

export interface CheckedWithdrawal {
  readonly index: number;
  readonly address: Address;
  /** A hexadecimal quantity, in gwei (EIP-4895). */
  readonly amountGwei: string;
}

/** A block that does not contradict itself. */
export interface CheckedBlock extends BlockLink {
  /** Unix seconds. */
  readonly timestamp: number;
  readonly transactions: readonly CheckedTransaction[];
  readonly withdrawals: readonly CheckedWithdrawal[];
  /** Of the chain, but without Ethereum's encoding where the header has a field that is not known. */
  readonly rules: ChainRules;
}

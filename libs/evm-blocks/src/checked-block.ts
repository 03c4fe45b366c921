import type { Address, Hash } from './hex';

/** How a block hangs on the one before. */
export interface BlockLink {
  readonly number: number;
  readonly hash: Hash;
  readonly parentHash: Hash;
}

/** A log of the block, read as far as each log must be. */
export interface CheckedLog {
  readonly index: number;
  readonly address: Address;
  /** At most four, in lower case. */
  readonly topics: readonly Hash[];
  /** As the node answered: not checked before it is decoded. */
  readonly data: string;
}

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
  /** Hexadecimal quantities, checked. In wei, gas, and wei per gas. */
  readonly value: string;
  readonly gasUsed: string;
  /** Null where the node answers no price at all. */
  readonly gasPrice: string | null;
  /** Of blobs (EIP-4844). */
  readonly blobGasUsed: string | null;
  readonly blobGasPrice: string | null;
  /** What rollups charge besides, in wei, and whether there is a part that is not known from the receipt. */
  readonly l1Fee: string | null;
  readonly hasOtherFee: boolean;
  /** What a deposit from the chain below creates for its sender, in wei. */
  readonly mint: string | null;
  readonly logs: readonly CheckedLog[];
}

export interface CheckedWithdrawal {
  readonly index: number;
  readonly address: Address;
  /** A hexadecimal quantity, in gwei (EIP-4895). */
  readonly amountGwei: string;
}

/** A block whose parts belong together. */
export interface CheckedBlock extends BlockLink {
  /** Unix seconds. */
  readonly timestamp: number;
  readonly transactions: readonly CheckedTransaction[];
  readonly withdrawals: readonly CheckedWithdrawal[];
  /** The addresses that this chain gives a meaning of its own. */
  readonly rules: import('./chain-rules').ChainRules;
}

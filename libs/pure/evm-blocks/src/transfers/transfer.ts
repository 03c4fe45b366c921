import type { Address, Hash } from '../hex';

export type Asset =
  | { readonly standard: 'native' }
  | { readonly standard: 'erc20'; readonly contract: Address }
  | { readonly standard: 'erc721'; readonly contract: Address; readonly tokenId: bigint }
  | { readonly standard: 'erc1155'; readonly contract: Address; readonly tokenId: bigint };

/** Of the transaction of a transfer. */
export interface TransferTransaction {
  readonly hash: Hash;
  readonly index: number;
  readonly type: number;
  readonly from: Address;
  readonly to: Address | null;
  readonly createdContract: Address | null;
  readonly isSuccessful: boolean;
  /** In wei, as asked for: a failed transaction moved none of it. */
  readonly value: bigint;
  /** In wei, charged to `from`. */
  readonly fee: bigint;
  /** False where the chain charges something that receipts do not tell, or in another currency. */
  readonly isFeeExact: boolean;
}

/**
 * One move of one asset.
 *
 * `transaction`: the value of a transaction. There is one for each transaction of a followed sender, with amount 0 where it
 * moved none, so that its fee is reported once. `log`: reported by a token's contract, which may claim anything.
 * `withdrawal`: from the staking of validators. `deposit`: created on this chain for what was locked on another one.
 */
export interface Transfer {
  readonly kind: 'transaction' | 'log' | 'withdrawal' | 'deposit';
  /** Unlike those of all other transfers of the block, and the same whenever the block is read. At most 40 characters. */
  readonly key: string;
  readonly asset: Asset;
  /** Null for withdrawals and deposits: no address of this chain gave. Tokens are minted by the zero address. */
  readonly from: Address | null;
  /** Null only for a failed creation of a contract. */
  readonly to: Address | null;
  /** In base units: wei, units of the token; 1 for a collectible of ERC-721. */
  readonly amount: bigint;
  readonly transaction: TransferTransaction | null;
  readonly logIndex: number | null;
  /** The index in a batch of ERC-1155. */
  readonly batchIndex: number | null;
  /** To how many addresses the transaction gave assets of this contract, as its logs tell. 1 for the native coin. */
  readonly recipients: number;
}

/** A log that names a followed address as a token's transfer would, and cannot be read. */
export interface UnreadLog {
  readonly transactionHash: Hash;
  readonly logIndex: number;
  readonly contract: Address;
  readonly from: Address;
  readonly to: Address;
}

export interface SeenTransfers {
  readonly transfers: readonly Transfer[];
  readonly unread: readonly UnreadLog[];
}

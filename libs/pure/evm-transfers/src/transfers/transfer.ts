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
 * `transaction`: the value of a transaction. There is one for each transaction that the wallet sent, with amount 0 where it
 * moved none, so that its fee is reported once. `log`: reported by a token's contract, which may claim anything.
 * `deposit`: created on this chain for what was locked on another one.
 */
export interface Transfer {
  readonly kind: 'transaction' | 'log' | 'deposit';
  readonly asset: Asset;
  /** Null for deposits: no address of this chain gave. Tokens are minted by the zero address. */
  readonly from: Address | null;
  /** Null only for a failed creation of a contract. */
  readonly to: Address | null;
  /** In base units: wei, units of the token; 1 for a collectible of ERC-721. */
  readonly amount: bigint;
  readonly transaction: TransferTransaction | null;
  /** To how many addresses the transaction gave assets of this contract, as its logs tell. 1 for the native coin. */
  readonly recipients: number;
}

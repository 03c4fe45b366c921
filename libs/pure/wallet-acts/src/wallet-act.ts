import type { SigningKind } from '@countersign/wallet-keys';

/** An unchecked signing request. `decodeAct` checks all fields. */
export type WalletAct = MessageAct | TypedDataAct | TransactionAct | TonProofAct | TonTransferAct;
export type WalletActKind = WalletAct['kind'];

/** EIP-191 (`personal_sign`). */
export interface MessageAct {
  readonly kind: 'message';
  readonly message: string;
  /** `hex`: the message is `0x` and the hex digits of its UTF-8 bytes. */
  readonly encoding: 'text' | 'hex';
}

/** EIP-712 (`eth_signTypedData_v4`). */
export interface TypedDataAct {
  readonly kind: 'typed-data';
  /** An object with `types`, `primaryType`, `domain` and `message`, or its JSON text. Numbers beyond 2^53 are text. */
  readonly typedData: unknown;
}

/** A transaction to sign without sending it. */
export interface TransactionAct {
  readonly kind: 'transaction';
  /**
   * The members of `eth_signTransaction`: `to`, `value`, `data`, `nonce`, `gas`, either `maxFeePerGas` and
   * `maxPriorityFeePerGas` or `gasPrice`, and the optional `type`, `chainId` and `from`. Without `to` it is
   * refused. Quantities are decimal or `0x` hex text, or numbers within 2^53.
   */
  readonly transaction: unknown;
}

/** A `ton_proof` of TON Connect. */
export interface TonProofAct {
  readonly kind: 'ton-proof';
  readonly domain: string;
  /** The asking service verifies the proof by it. */
  readonly payload: string;
}

/** An unsigned transfer of TON (wallet v5r1). */
export interface TonTransferAct {
  readonly kind: 'ton-transfer';
  /** The result of `tonTransferPayload`, in base64. */
  readonly payload: string;
}

export interface ActContext {
  /** CAIP-2, in the form of `readChainId`. */
  readonly chain: string;
  /** The signing wallet's address, in the form of `readEvmAddress`, or raw on TON. */
  readonly address: string;
  /** The hosts of the application, with a port unless it is the default one. They are compared exactly. */
  readonly domains: readonly string[];
  readonly allowedCalls: readonly AllowedCall[];
  /** `sign` signs every undecoded call. The default is `refuse`. */
  readonly undecoded?: 'refuse' | 'sign';
  /** The signing wallet's known jetton wallets, each with its master. Addresses are raw. */
  readonly jettons?: ReadonlyMap<string, string>;
  readonly now: Date;
}

/** An undecoded call. An allowed call may have any arguments. */
export interface UndecodedCall {
  /** The address in lower case. */
  readonly contract: string;
  /** A selector (`0x` and 8 hex digits; fewer for shorter data), or the primary type of typed data. */
  readonly method: string;
}

export interface AllowedCall extends UndecodedCall {
  /** The chain in CAIP-2. */
  readonly chain: string;
}

/** An amount that a signature spends, or lets another spend. */
export interface Spend {
  /** For `approval` and `permit`, `to` may take the amount from now on. */
  readonly kind: 'transfer' | 'approval' | 'permit';
  /**
   * The contract in lower case; null for the coin of the chain. On TON the raw address of the item, of the jetton's
   * master, or of the jetton wallet itself if its master is unknown.
   */
  readonly token: string | null;
  /** The id of a collectible. Null for other assets, and for a whole collection. */
  readonly tokenId: bigint | null;
  /** In the smallest unit. `unlimited`: the largest number of its type, or a whole collection. */
  readonly amount: bigint | 'unlimited';
  /** Whether `amount` may be a collectible's id: ERC-20 and ERC-721 share the call. */
  readonly isAmountOrTokenId: boolean;
  readonly isCollectible: boolean;
  /** In lower case: the wallet, a third party that allowed it to spend, or the contract that makes a batch's calls. */
  readonly owner: string;
  /** The recipient or spender, in lower case. */
  readonly to: string;
  /** A permit's signature ends then, in Unix seconds; the allowance may last longer. Null: no end, or no permit. */
  readonly deadline: bigint | null;
}

export interface DecodedAct {
  readonly kind: Exclude<WalletActKind, 'ton-transfer'>;
  readonly chain: string;
  readonly address: string;
  readonly signingKind: SigningKind;
  readonly payload: Buffer;
  /** SHA-256 over kind, chain, wallet and payload, all length-prefixed. */
  readonly digest: Buffer;
  /** The contract that is called or verifies the signature, in lower case. */
  readonly contract: string | null;
  /** A signature (`transfer(address,uint256)`), a primary type, `sign-in`, `key-elsewhere`, or an undecoded method. */
  readonly method: string | null;
  /** The instant in `ton_proof`, in Unix seconds; null for other acts. */
  readonly timestamp: number | null;
  readonly domain: string | null;
  /** The signed text, only for the person: it may have personal data. Hex for a `ton_proof` payload that is no text. */
  readonly text: string | null;
  readonly spends: readonly Spend[];
  /** The highest cost of the transaction besides its value, in the smallest unit of the coin. */
  readonly maxFee: bigint | null;
  readonly undecoded: readonly UndecodedCall[];
  /** English sentences for the person. They quote no text of the request. */
  readonly summary: readonly string[];
}

type JsonOf<T> = T extends bigint | Buffer
  ? string
  : T extends readonly (infer Item)[]
    ? readonly JsonOf<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: JsonOf<T[Key]> }
      : T;

/** The stored form: numbers as decimal text, the digest as hex, no payload. It has personal data. */
export type DecodedActJson = JsonOf<Omit<DecodedAct, 'payload'>>;

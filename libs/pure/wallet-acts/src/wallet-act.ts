import type { SigningKind } from '@countersign/wallet-keys';

/** A request to sign, as its fields came: `decodeAct` checks all of them. */
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

/** A transaction that is signed and not sent. */
export interface TransactionAct {
  readonly kind: 'transaction';
  /**
   * The members of `eth_signTransaction`: `to`, `value`, `data`, `nonce`, `gas`, either `maxFeePerGas` and
   * `maxPriorityFeePerGas` or `gasPrice`, and `type`, `chainId` and `from`, which may be absent. Without `to` it creates a
   * contract. Quantities are decimal or `0x` hex text, or numbers within 2^53.
   */
  readonly transaction: unknown;
}

/** A `ton_proof` of TON Connect. */
export interface TonProofAct {
  readonly kind: 'ton-proof';
  readonly domain: string;
  /** What the asking service verifies the proof by. */
  readonly payload: string;
}

/** A transfer of TON (wallet v5r1), before it is signed. */
export interface TonTransferAct {
  readonly kind: 'ton-transfer';
  /** What `tonTransferPayload` makes, in base64. */
  readonly payload: string;
}

export interface ActContext {
  /** CAIP-2, as `readChainId` answers it. */
  readonly chain: string;
  /** Of the wallet that signs: as `readEvmAddress` answers it, or the raw form of TON. */
  readonly address: string;
  /** Where the application is served: host, and its port unless it is the default one. Compared exactly. */
  readonly domains: readonly string[];
  /** Calls that are signed although they are not decoded. */
  readonly allowedCalls: readonly AllowedCall[];
  /** `sign`: every call is signed although it is not decoded. Without a value: `refuse`. */
  readonly undecoded?: 'refuse' | 'sign';
  /** The known jetton wallets of the wallet that signs, each with its master. Addresses are raw. */
  readonly jettons?: ReadonlyMap<string, string>;
  /** `ton_proof` states this instant. */
  readonly now: Date;
}

/** What is not decoded. Who allows it allows it with all arguments. */
export interface UndecodedCall {
  /** The address in lower case. Null for the creation of a contract. */
  readonly contract: string | null;
  /**
   * The selector of a call (`0x` and 8 hex digits; fewer for shorter data), the primary type of typed data, or `create`.
   */
  readonly method: string;
}

export interface AllowedCall extends UndecodedCall {
  /** The chain in CAIP-2. */
  readonly chain: string;
}

/** What a signature spends, or lets another spend. */
export interface Spend {
  /** `approval` and `permit`: what `to` may take from now on. */
  readonly kind: 'transfer' | 'approval' | 'permit';
  /**
   * The contract of the token or collection, in lower case; null for the coin of the chain. On TON the raw address of the item, of the
   * jetton's master, or of the jetton wallet itself if its master is unknown.
   */
  readonly token: string | null;
  /** The id of a collectible. Null for other assets, and for a whole collection. */
  readonly tokenId: bigint | null;
  /** In the smallest unit. `unlimited`: the largest number of its type, or all of a collection. */
  readonly amount: bigint | 'unlimited';
  /**
   * Whether the contract may be a collection (ERC-721), where `amount` is the id of one collectible: ERC-20 and ERC-721 share
   * the call, and only the chain knows the contract.
   */
  readonly isAmountOrTokenId: boolean;
  /** Whether the call exists for collectibles only. */
  readonly isCollectible: boolean;
  /** Whose it is, in lower case: the wallet, or who allowed it to spend, or the contract that makes the calls of a batch. */
  readonly owner: string;
  /** The recipient or spender, in lower case. */
  readonly to: string;
  /**
   * Until when the signature of a permit can be used, in Unix seconds; null: without an end, or no permit. What it allowed
   * by then may last longer.
   */
  readonly deadline: bigint | null;
}

export interface DecodedAct {
  readonly kind: Exclude<WalletActKind, 'ton-transfer'>;
  /** The chain in CAIP-2. */
  readonly chain: string;
  readonly address: string;
  readonly signingKind: SigningKind;
  /** The exact bytes that custody signs. */
  readonly payload: Buffer;
  /** SHA-256 over kind, chain, wallet and payload, each with its length. */
  readonly digest: Buffer;
  /** Which contract is called or verifies the signature, in lower case. */
  readonly contract: string | null;
  /** The signature of the method, such as `transfer(address,uint256)`, the primary type, `sign-in`, `key-elsewhere`, or an undecoded method. */
  readonly method: string | null;
  /** The instant that `ton_proof` states, in Unix seconds; null for others. */
  readonly timestamp: number | null;
  /** The domain that a sign-in message or `ton_proof` names. */
  readonly domain: string | null;
  /** The text that is signed, for the person alone: it may have personal data. A payload of `ton_proof` that is no text is in hex. */
  readonly text: string | null;
  readonly spends: readonly Spend[];
  /** The most that the transaction costs beside its value, in the smallest unit of the coin. */
  readonly maxFee: bigint | null;
  /** The calls that are not decoded. The context allows each of them. */
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

/** What is stored and answered: numbers as decimal text, the digest as hex, without the payload. It has personal data. */
export type DecodedActJson = JsonOf<Omit<DecodedAct, 'payload'>>;

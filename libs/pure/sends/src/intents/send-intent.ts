import type { CoinSend, CollectibleSend, JettonSend } from '@countersign/ton-sends';
import type { EvmAddress } from '@countersign/wallet-proofs';
import type { Hex } from 'viem';

/** What a person wants to send, read from a request. Addresses are in the form that is stored, amounts in the smallest unit. */
export type SendIntent = EvmSendIntent | TonSendIntent;
export type EvmSendIntent = CoinIntent | TokenIntent | CollectibleIntent | CallIntent;
export type TonSendIntent = TonCoinIntent | JettonIntent | TonCollectibleIntent;
export type SendKind = SendIntent['kind'];

/** The coin of an EVM chain. */
interface CoinIntent {
  readonly kind: 'coin';
  readonly to: EvmAddress;
  readonly amount: bigint;
}

/** A token of ERC-20. */
interface TokenIntent {
  readonly kind: 'token';
  readonly token: EvmAddress;
  readonly to: EvmAddress;
  readonly amount: bigint;
}

/** A collectible of ERC-721, or an amount of one of ERC-1155. */
interface CollectibleIntent {
  readonly kind: 'collectible';
  readonly standard: 'erc721' | 'erc1155';
  readonly contract: EvmAddress;
  readonly tokenId: bigint;
  readonly to: EvmAddress;
  /** 1 for ERC-721. */
  readonly amount: bigint;
}

/** A call of a contract, which the application has to allow where it cannot be decoded. */
interface CallIntent {
  readonly kind: 'call';
  readonly contract: EvmAddress;
  /** Selector and arguments: at least 4 bytes, in lower case. */
  readonly data: Hex;
  readonly value: bigint;
}

/** The coin of TON, in nanotons. Whether the message bounces depends on the state of the recipient when it is built. */
type TonCoinIntent = Pick<CoinSend, 'kind' | 'to' | 'amount' | 'comment'>;

/** A jetton of TEP-74. `to` is the recipient's wallet, not its jetton wallet. */
type JettonIntent = Pick<JettonSend, 'kind' | 'to' | 'amount' | 'comment'> & {
  /** The raw form of the address of the master contract. */
  readonly master: string;
};

/** A collectible of TEP-62, whose item is a contract of its own. */
type TonCollectibleIntent = Pick<CollectibleSend, 'kind' | 'item' | 'to'>;

import type { CoinSend, CollectibleSend, JettonSend } from '@countersign/transfers';
import type { EvmAddress } from '@countersign/wallet-proofs';
import type { Hex } from 'viem';
import { encodeFunctionData, parseAbi } from 'viem/utils';

/** A person's request to send. Addresses are in the stored form, amounts in the smallest unit. */
export type SendIntent = EvmSendIntent | TonSendIntent;
export type EvmSendIntent = CoinIntent | TokenIntent | CollectibleIntent | CallIntent;
export type TonSendIntent = TonCoinIntent | JettonIntent | TonCollectibleIntent;
export type SendKind = SendIntent['kind'];

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

/** A contract call. If it cannot be decoded, the application must allow it. */
interface CallIntent {
  readonly kind: 'call';
  readonly contract: EvmAddress;
  /** Selector and arguments: at least 4 bytes, in lower case. */
  readonly data: Hex;
  readonly value: bigint;
}

/** The coin of TON, in nanotons. Whether the message bounces depends on the recipient's state when it is built. */
type TonCoinIntent = Pick<CoinSend, 'kind' | 'to' | 'amount' | 'comment'>;

/** A jetton of TEP-74. `to` is the recipient's wallet, not its jetton wallet. */
type JettonIntent = Pick<JettonSend, 'kind' | 'to' | 'amount' | 'comment'> & {
  /** The master contract's raw address. */
  readonly master: string;
};

/** A collectible of TEP-62: its item is its own contract. */
type TonCollectibleIntent = Pick<CollectibleSend, 'kind' | 'item' | 'to'>;

/** A transaction without its nonce, gas and fees. */
export interface SendCall {
  readonly to: EvmAddress;
  readonly value: bigint;
  readonly data: Hex;
}

const erc20 = parseAbi(['function transfer(address to, uint256 value)']);
const erc721 = parseAbi(['function safeTransferFrom(address from, address to, uint256 tokenId)']);
const erc1155 = parseAbi([
  'function safeTransferFrom(address from, address to, uint256 id, uint256 value, bytes data)',
]);

/** The call that carries out the intent. @param from the sending wallet */
export function callOf(intent: EvmSendIntent, from: EvmAddress): SendCall {
  switch (intent.kind) {
    case 'coin':
      return { to: intent.to, value: intent.amount, data: '0x' };
    case 'token':
      return {
        to: intent.token,
        value: 0n,
        data: encodeFunctionData({ abi: erc20, args: [intent.to, intent.amount] }),
      };
    case 'collectible': {
      const { standard, contract, to, tokenId, amount } = intent;
      const data =
        standard === 'erc721'
          ? encodeFunctionData({ abi: erc721, args: [from, to, tokenId] })
          : encodeFunctionData({ abi: erc1155, args: [from, to, tokenId, amount, '0x'] });
      return { to: contract, value: 0n, data };
    }
    case 'call':
      return { to: intent.contract, value: intent.value, data: intent.data };
  }
}

import type { FeeCaps } from '@countersign/wallet-acts';
import type { ListedToken } from './registry/chain-file';

/** The operator's limits for sends on a chain, in the coin's smallest unit. No node's answer raises them. */
export type ChainSending = EvmChainSending | TonChainSending;

export interface EvmChainSending extends FeeCaps {
  /** Funds can be sent once this many blocks are on top of the block that they came in; 0: at once. */
  readonly depth: number;
  /** Whether the chain takes a fee for layer 1 beside the gas. */
  readonly isOpStack: boolean;
}

export interface TonChainSending {
  /** The most that the network takes for one send. The bytes do not contain it, but the wallet must have it. */
  readonly maxFee: bigint;
  /** Coins that are sent along with jettons or a collectible. The rest of them comes back. */
  readonly attached: bigint;
}

/** A CAIP-2 id, such as `eip155:1` or `ton:-239`. */
export type ChainId = string;

/** A chain that the operator configured, completed from the registry. */
export interface Chain {
  readonly id: ChainId;
  readonly kind: 'evm' | 'ton';
  /** The decimal reference of the id: 1 for `eip155:1`, -239 for `ton:-239`. */
  readonly reference: number;
  /** The name that other systems use, such as `ethereum` or `base-sepolia`. */
  readonly name: string;
  readonly environment: 'production' | 'test';
  /** Lower-case hex. Null: the first node that answers defines it until the process ends. */
  readonly genesisHash: string | null;
  readonly currency: { readonly symbol: string; readonly decimals: number };
  /** If a node knows no `finalized` block, a block with this many blocks on top counts as final. */
  readonly confirmations: number;
  /** The time between two blocks, in milliseconds. Only EVM chains use it. */
  readonly blockTimeMs: number;
  /** The limit in milliseconds for one request, and for all requests to one node about one signature. */
  readonly timeLimitMs: number;
  /** The number of configured nodes. Their URLs contain keys and stay inside this lib. */
  readonly nodeCount: number;
  readonly indexerCount: number;
  readonly mayNameAddresses: boolean;
  readonly tokens: readonly ListedToken[];
  /** `null`: embedded wallets send nothing on this chain. */
  readonly sending: ChainSending | null;
}

import type { ListedToken } from './registry/chain-file';

/** Caps for sends on a chain, as the operator set them. In the smallest unit of the coin. No answer of a node raises them. */
export type ChainSending = EvmChainSending | TonChainSending;

export interface EvmChainSending {
  /** What nodes of the chain ask for at least beside the base fee; 0 where there is no such floor. */
  readonly minTipPerGas: bigint;
  readonly maxFeePerGas: bigint;
  /** Of one transaction. */
  readonly maxFee: bigint;
  readonly maxGas: bigint;
  /** Blocks on top of one after which money that came in it can be sent. 0: at once. */
  readonly depth: number;
  /** Whether it takes a fee for layer 1 beside the gas. */
  readonly isOpStack: boolean;
}

export interface TonChainSending {
  /** What the network takes for one send at most. It is not in the bytes: the wallet has to have it. */
  readonly maxFee: bigint;
  /** Coins that go along with jettons or a collectible. What is left of them comes back. */
  readonly attached: bigint;
}

/** `eip155:1`, `ton:-239`: CAIP-2. */
export type ChainId = string;

/** A chain that the operator configured, completed from the registry. */
export interface Chain {
  readonly id: ChainId;
  readonly kind: 'evm' | 'ton';
  /** The decimal reference of the id: 1 for `eip155:1`, -239 for `ton:-239`. */
  readonly reference: number;
  /** As other systems name it: `ethereum`, `base-sepolia`. */
  readonly name: string;
  readonly environment: 'production' | 'test';
  /** Lower-case hex. Null: it is learnt from the first node that answers, and is the same until the process ends. */
  readonly genesisHash: string | null;
  readonly currency: { readonly symbol: string; readonly decimals: number };
  /** Blocks on top of one after which it counts as final, where a node knows no `finalized` block. */
  readonly confirmations: number;
  /** Between two blocks, in milliseconds. Of EVM chains only. */
  readonly blockTimeMs: number;
  /** In milliseconds: for one request, and for all requests to one node about a signature together. */
  readonly timeLimitMs: number;
  /** How many nodes are configured. Their URLs hold keys, and stay inside of this lib. */
  readonly nodeCount: number;
  readonly indexerCount: number;
  readonly mayNameAddresses: boolean;
  readonly tokens: readonly ListedToken[];
  /** `null`: embedded wallets send nothing on it. */
  readonly sending: ChainSending | null;
}

/** Caps for sends on a chain, as the operator set them. In the smallest unit of the coin. No answer of a node raises them. */
export type ChainSending = EvmChainSending | TonChainSending;

export interface EvmChainSending {
  /** What nodes of the chain ask for at least beside the base fee; 0 where there is no such floor. */
  readonly minTipPerGas: bigint;
  readonly maxFeePerGas: bigint;
  /** Of one transaction. */
  readonly maxFee: bigint;
  /** Gas limit of one transaction. */
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

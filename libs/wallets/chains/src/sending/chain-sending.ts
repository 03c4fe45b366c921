/** Caps for sends on a chain, as the operator set them. In the smallest unit of the coin. No answer of a node raises them. */
export interface ChainSending {
  /** What nodes of the chain ask for at least beside the base fee; 0 where there is no such floor. */
  readonly minTipPerGas: bigint;
  readonly maxFeePerGas: bigint;
  /** Of one transaction. */
  readonly maxFee: bigint;
  /** Gas limit of one transaction. */
  readonly maxGas: bigint;
}

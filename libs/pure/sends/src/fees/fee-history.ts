/** What a node says about the last blocks, read from its answer to `eth_feeHistory`. */
export interface FeeHistory {
  /** The base fee of the block after the last one, per unit of gas. */
  readonly nextBaseFee: bigint;
  /** What transactions of each block paid beside the base fee, at the percentile that was asked for. Empty blocks are left out. */
  readonly tips: readonly bigint[];
}

const MAX_BLOCKS = 1_024;
const QUANTITY = /^0x[0-9a-fA-F]{1,64}$/;

/** Reads the answer to `eth_feeHistory` with one percentile; null for another answer. */
export function readFeeHistory(json: unknown): FeeHistory | null {
  if (typeof json !== 'object' || json === null) return null;
  const { baseFeePerGas, gasUsedRatio, reward } = json as Readonly<Record<string, unknown>>;
  if (!Array.isArray(baseFeePerGas) || !Array.isArray(gasUsedRatio) || !Array.isArray(reward)) return null;
  const blocks = gasUsedRatio.length;
  if (blocks === 0 || blocks > MAX_BLOCKS || reward.length !== blocks) return null;
  // The base fee of the next block comes last.
  const nextBaseFee = quantity(baseFeePerGas[blocks]);
  if (baseFeePerGas.length !== blocks + 1 || nextBaseFee === null) return null;

  const tips: bigint[] = [];
  for (const [at, ratio] of gasUsedRatio.entries()) {
    const row: unknown = reward[at];
    const tip = Array.isArray(row) && row.length === 1 ? quantity(row[0]) : null;
    if (tip === null || typeof ratio !== 'number') return null;
    // Nodes say 0 for a block without transactions.
    if (ratio > 0) tips.push(tip);
  }
  return { nextBaseFee, tips };
}

function quantity(value: unknown): bigint | null {
  return typeof value === 'string' && QUANTITY.test(value) ? BigInt(value) : null;
}

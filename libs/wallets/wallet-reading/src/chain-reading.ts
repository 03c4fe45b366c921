import type { Chain } from '@countersign/chains';
import type { BlockResponse, ChainReadingResponse } from './dto/chain.response';

/** What was asked of a chain for one answer. */
interface ChainReading {
  readonly isComplete: boolean;
  /** The final block that the answer is of. `null`: too few answered. */
  readonly final: BlockResponse | null;
  /** Since when something does not answer. */
  readonly staleSince: Date | null;
}

export function toChainReading(
  { id, name, indexerCount }: Chain,
  { isComplete, final, staleSince }: ChainReading,
): ChainReadingResponse {
  return {
    chainId: id,
    name,
    hasHistory: indexerCount > 0,
    isComplete,
    asOfBlock: final,
    staleSince: staleSince?.toISOString() ?? null,
  };
}

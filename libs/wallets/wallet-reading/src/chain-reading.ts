import type { Chain } from '@countersign/chains';
import { toResponse } from '@countersign/http';
import { ChainReadingResponse, type BlockResponse } from './dto/chain.response';

/** What was asked of a chain for one answer. */
interface ChainReading {
  readonly isComplete: boolean;
  /** The final block that the answer is of. `null`: too few answered. */
  readonly final: BlockResponse | null;
  /** Since when something does not answer. */
  readonly staleSince: Date | null;
}

export function toChainReading(chain: Chain, reading: ChainReading): ChainReadingResponse {
  return toResponse(ChainReadingResponse, {
    ...chain,
    ...reading,
    chainId: chain.id,
    hasHistory: chain.indexerCount > 0,
    asOfBlock: reading.final,
  });
}

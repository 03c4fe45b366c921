import type { Chain, TonBlock } from '@countersign/chains';
import { toUnscannedReading, type ChainReadingResponse } from '@countersign/wallet-reading';

/** What was read of a chain for one answer. */
export interface Reading {
  /** Null where too few answered. */
  readonly asOf: TonBlock | null;
  /** Since when something is away that was asked. */
  readonly staleSince: Date | null;
  readonly isComplete: boolean;
}

/** Blocks that the masterchain refers to are final. */
export function toChainReading(
  chain: Chain,
  { asOf, staleSince, isComplete }: Reading,
): ChainReadingResponse {
  const hasIndexer = chain.indexerCount > 0;
  return toUnscannedReading(chain, {
    history: hasIndexer ? 'indexer' : 'none',
    isComplete,
    final: asOf,
    staleSince,
    unseen: hasIndexer ? ['unlisted_jettons'] : [],
  });
}

import type { Chain, TonBlock } from '@countersign/chains';
import type { ChainReadingResponse } from '@countersign/wallet-reading';

/** What was read of a chain for one answer. */
export interface Reading {
  /** Null where too few answered. */
  readonly asOf: TonBlock | null;
  /** Since when something is away that was asked. */
  readonly staleSince: Date | null;
  readonly isComplete: boolean;
}

export function toChainReading(
  chain: Chain,
  { asOf, staleSince, isComplete }: Reading,
): ChainReadingResponse {
  return {
    chainId: chain.id,
    name: chain.name,
    state: asOf === null || staleSince !== null ? 'waiting' : 'following',
    history: chain.indexerCount > 0 ? 'indexer' : 'none',
    isComplete,
    asOfBlock: asOf,
    // What the masterchain refers to is final.
    finalBlock: asOf?.number ?? null,
    since: null,
    hasGap: false,
    filledFrom: null,
    omittedTransfers: 0,
    staleSince: staleSince?.toISOString() ?? null,
    unseen: chain.indexerCount > 0 ? ['unlisted_jettons'] : [],
  };
}

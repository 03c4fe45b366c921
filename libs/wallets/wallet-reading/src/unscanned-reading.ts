import type { Chain } from '@countersign/chains';
import type { BlockResponse, ChainReadingResponse, HistorySource, Unseen } from './dto/chain.response';

/** What was asked of a chain for one answer. */
export interface UnscannedReading {
  readonly history: HistorySource;
  readonly isComplete: boolean;
  /** The final block that the answer is of. `null`: too few answered. */
  readonly final: BlockResponse | null;
  /** Since when something does not answer. */
  readonly staleSince: Date | null;
  readonly unseen: readonly Unseen[];
}

/** How far a chain is read that is asked at each answer: nothing of it is stored. */
export function toUnscannedReading(
  { id, name }: Chain,
  { history, isComplete, final, staleSince, unseen }: UnscannedReading,
): ChainReadingResponse {
  return {
    chainId: id,
    name,
    state: final === null || staleSince !== null ? 'waiting' : 'following',
    history,
    isComplete,
    asOfBlock: final,
    finalBlock: final?.number ?? null,
    since: null,
    hasGap: false,
    filledFrom: null,
    omittedTransfers: 0,
    staleSince: staleSince?.toISOString() ?? null,
    unseen: [...unseen],
  };
}

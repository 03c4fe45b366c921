import { unseenKinds, type ChainReadingResponse } from '@countersign/wallet-reading';
import type { WalletOnChain } from '../wallet-on-chain';

export function toChainReading(reading: WalletOnChain): ChainReadingResponse {
  const { chain, state, asOf, finalNumber, fromBlock, filledFrom, hasGap, omissions, staleSince } = reading;
  return {
    chainId: chain.id,
    name: chain.name,
    state,
    history: 'scan',
    isComplete: !hasGap && omissions.transfers === 0 && !reading.hasMorePending,
    asOfBlock: asOf,
    finalBlock: finalNumber,
    since: fromBlock,
    filledFrom,
    hasGap,
    omittedTransfers: omissions.transfers,
    staleSince: staleSince?.toISOString() ?? null,
    // The chain is known from its blocks and receipts alone, whichever it is.
    unseen: unseenKinds.filter(
      (kind) => kind !== 'unlisted_jettons' && (kind !== 'coins_before_since' || filledFrom !== null),
    ),
  };
}

import { unseenKinds, type ChainReadingResponse } from '@countersign/wallet-reading';
import { isComplete, type WalletOnChain } from '../wallet-on-chain';

export function toChainReading(reading: WalletOnChain): ChainReadingResponse {
  const { chain, state, asOf, final, fromBlock, filledFrom, hasGap, omissions, staleSince } = reading;
  return {
    chainId: chain.id,
    name: chain.name,
    state,
    asOfBlock: asOf,
    finalBlock: final?.number ?? null,
    since: fromBlock,
    history: 'scan',
    isComplete: isComplete(reading),
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

import type { ChainBalancesResponse } from '@countersign/wallet-reading';
import type { BalancesOfChain } from '../wallet-on-chain';
import { toAsset } from './asset';
import { toChainReading } from './chain';

export function toChainBalances({
  reading,
  tokens,
  balances,
  notAsked,
}: BalancesOfChain): ChainBalancesResponse {
  return {
    ...toChainReading(reading),
    balances: balances.map(({ key, change, isExact, finalChange, amount, unexplained, isHidden }) => ({
      ...toAsset(reading.chain, key, tokens),
      amount: amount?.toString() ?? null,
      change: change.toString(),
      isChangeExact: isExact,
      finalChange: finalChange.toString(),
      isFinal: change === finalChange,
      unexplained: unexplained?.toString() ?? null,
      isHidden,
    })),
    notAsked,
  };
}

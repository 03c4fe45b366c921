import { toAmounts, type ChainBalancesResponse } from '@countersign/wallet-reading';
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
    balances: balances.map((balance) => ({
      ...toAsset(reading.chain, balance.key, tokens),
      ...toAmounts(balance),
      change: balance.change.toString(),
      isChangeExact: balance.isExact,
      finalChange: balance.finalChange.toString(),
      isChangeFinal: balance.change === balance.finalChange,
      unexplained: balance.unexplained?.toString() ?? null,
      isHidden: balance.isHidden,
    })),
    notAsked,
  };
}

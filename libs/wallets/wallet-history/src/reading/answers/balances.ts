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
      finalAmount: null,
      amountReason: amount !== null ? null : reading.chain.mayNameAddresses ? 'away' : 'not_asked',
      verification: 'none',
      change: change.toString(),
      isChangeExact: isExact,
      finalChange: finalChange.toString(),
      isChangeFinal: change === finalChange,
      unexplained: unexplained?.toString() ?? null,
      isHidden,
    })),
    notAsked,
  };
}

import type { Chain, ListedToken } from '@countersign/chains';
import type { AssetResponse } from '@countersign/wallet-reading';
import { shown } from '../asking/cells';

export function coinOf({ currency }: Chain): AssetResponse {
  return {
    standard: 'native',
    contract: null,
    tokenId: null,
    symbol: currency.symbol,
    decimals: currency.decimals,
    isListed: true,
    claimed: null,
  };
}

export function listedJetton(chain: Chain, { address, symbol, decimals }: ListedToken): AssetResponse {
  return {
    standard: 'tep74',
    contract: shown(address, chain),
    tokenId: null,
    ...{ symbol, decimals, isListed: true, claimed: null },
  };
}

/** @param item raw */
export function collectibleOf(chain: Chain, item: string, index: string | null): AssetResponse {
  return {
    ...{ standard: 'tep62', contract: shown(item, chain), tokenId: index },
    ...{ symbol: null, decimals: 0, isListed: false, claimed: null },
  };
}

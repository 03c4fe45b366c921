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

/** An asset that the operator does not list. @param contract raw */
export function unlisted(
  chain: Chain,
  standard: 'tep74' | 'tep62',
  contract: string,
  more: Partial<Pick<AssetResponse, 'claimed' | 'tokenId' | 'decimals'>> = {},
): AssetResponse {
  return {
    standard,
    contract: shown(contract, chain),
    tokenId: null,
    symbol: null,
    decimals: null,
    isListed: false,
    claimed: null,
    ...more,
  };
}

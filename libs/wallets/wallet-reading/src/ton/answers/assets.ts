import type { Chain, ListedToken } from '@countersign/chains';
import type { AssetResponse } from '../../dto/asset.response';
import { shown } from '../asking/cells';

const LISTED = { tokenId: null, isListed: true, claimed: null } as const;

export function coinOf({ currency: { symbol, decimals } }: Chain): AssetResponse {
  return { standard: 'native', contract: null, symbol, decimals, ...LISTED };
}

export function listedJetton(chain: Chain, { address, symbol, decimals }: ListedToken): AssetResponse {
  return { standard: 'tep74', contract: shown(address, chain), symbol, decimals, ...LISTED };
}

/** @param item raw */
export function collectibleOf(chain: Chain, item: string, tokenId: string | null): AssetResponse {
  return {
    ...{ standard: 'tep62', contract: shown(item, chain), tokenId },
    ...{ symbol: null, decimals: 0, isListed: false, claimed: null },
  };
}

import type { Chain } from '@countersign/chains';
import { showEvmAddress, type EvmAddress } from '@countersign/wallet-proofs';
import type { AssetResponse } from '../dto/asset.response';
import type { AskedAsset } from './asset-calls';

/** An asset of an EVM chain, as the operator lists it. */
export function toEvmAsset(chain: Chain, { standard, contract, tokenId }: AskedAsset): AssetResponse {
  const listed = chain.tokens.find(({ address }) => address === contract);
  const known = contract === null ? chain.currency : listed;
  return {
    standard,
    contract: contract === null ? null : showEvmAddress(contract as EvmAddress),
    tokenId,
    symbol: known?.symbol ?? null,
    decimals: standard === 'erc721' || standard === 'erc1155' ? 0 : (known?.decimals ?? null),
    isListed: known !== undefined,
    claimed: null,
  };
}

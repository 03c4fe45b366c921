import type { Chain } from '@countersign/chains';
import { showEvmAddress, type EvmAddress } from '@countersign/wallet-proofs';
import type { AssetResponse, ClaimedNamesResponse } from '../dto/asset.response';
import type { BalanceResponse } from '../dto/balances.response';
import type { AskedAsset } from './asset-calls';
import type { Amounts } from './node-amounts';

/** The coin, and the tokens that the operator lists. */
export function listedAssets({ tokens }: Chain): readonly AskedAsset[] {
  const listed = tokens.map(({ address }) => ({
    standard: 'erc20' as const,
    contract: address,
    tokenId: null,
  }));
  return [{ standard: 'native', contract: null, tokenId: null }, ...listed];
}

/**
 * An asset of an EVM chain, as the operator lists it.
 * @param claimed what contracts say of themselves: for those that are not listed
 */
export function toEvmAsset(
  chain: Chain,
  { standard, contract, tokenId }: AskedAsset,
  claimed: ReadonlyMap<string, ClaimedNamesResponse> = new Map(),
): AssetResponse {
  const listed = chain.tokens.find(({ address }) => address === contract);
  const known = contract === null ? chain.currency : listed;
  return {
    standard,
    contract: toShownAddress(contract),
    tokenId,
    symbol: known?.symbol ?? null,
    decimals: standard === 'erc721' || standard === 'erc1155' ? 0 : (known?.decimals ?? null),
    isListed: known !== undefined,
    claimed: contract === null || listed ? null : (claimed.get(contract) ?? null),
  };
}

/** With the checksum of EIP-55. @param address `0x` and lower-case hex */
export function toShownAddress(address: string | null): string | null {
  return address === null ? null : showEvmAddress(address as EvmAddress);
}

export function toBalance(asset: AssetResponse, { amount, reason, verification }: Amounts): BalanceResponse {
  return {
    ...asset,
    amount: amount?.toString() ?? null,
    amountReason: reason,
    verification,
  };
}

import type { Chain } from '@countersign/chains';
import type { Address, Asset, Transfer } from '@countersign/evm-transfers';
import {
  toEvmAsset,
  toShownAddress,
  type AskedAsset,
  type AssetResponse,
  type ClaimedNamesResponse,
  type Direction,
} from '@countersign/wallet-reading';

export function toAsset(
  chain: Chain,
  asset: Asset,
  names: ReadonlyMap<Address, ClaimedNamesResponse>,
): AssetResponse {
  return toEvmAsset(chain, toAsked(asset), names);
}

export function toAsked(asset: Asset): AskedAsset {
  const contract = asset.standard === 'native' ? null : asset.contract;
  return {
    standard: asset.standard,
    contract,
    tokenId: 'tokenId' in asset ? asset.tokenId.toString() : null,
  };
}

export function seenFrom(
  wallet: Address,
  { from, to }: Pick<Transfer, 'from' | 'to'>,
): { readonly direction: Direction; readonly counterparty: string | null } {
  const direction = from !== wallet ? 'in' : to === wallet ? 'self' : 'out';
  return { direction, counterparty: toShownAddress(direction === 'in' ? from : to) };
}

import type { BlockReference, Chain } from '@countersign/chains';
import type { Address, Asset, Transfer } from '@countersign/evm-transfers';
import {
  toEvmAsset,
  toShownAddress,
  toUnscannedReading,
  type AskedAsset,
  type AssetResponse,
  type ChainReadingResponse,
  type ClaimedNamesResponse,
  type Direction,
} from '@countersign/wallet-reading';

/** What is known about a chain while one answer is made. */
export interface Reading {
  readonly chain: Chain;
  /** The last final block. `null`: the nodes do not say. */
  readonly final: BlockReference | null;
  /** As the indexer says, and all of its rows are read. */
  readonly isComplete: boolean;
  /** Since when the indexer or the nodes do not answer. `null`: they do. */
  readonly staleSince: Date | null;
}

export function toChainReading({ chain, ...reading }: Reading): ChainReadingResponse {
  return toUnscannedReading(chain, {
    ...reading,
    history: 'indexer',
    unseen: ['block_rewards', 'rebasing', 'unread_logs'],
  });
}

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

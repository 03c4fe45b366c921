import {
  MAX_EVENTS,
  type CollectibleEventResponse,
  type CollectibleResponse,
  type CollectiblesPage,
} from '@countersign/wallet-reading';
import type { AssetEvent } from '../../assets';
import type { KnownTokens } from '../../names/known-tokens';
import type { OwnedAsset, ReadPage, WalletOnChain } from '../wallet-on-chain';
import { shown, toAsset } from './asset';
import { toChainReading } from './chain';
import { toCursor } from './cursor';
import { toBlock } from './transactions';

export function toCollectiblesPage({ reading, tokens, items, next }: ReadPage<OwnedAsset>): CollectiblesPage {
  return {
    chain: toChainReading(reading),
    items: items.flatMap((item) => toCollectible(reading, tokens, item)),
    nextCursor: toCursor(next),
  };
}

function toCollectible(
  reading: WalletOnChain,
  tokens: KnownTokens,
  { asset, quantity, isExact, reason, verification }: OwnedAsset,
): CollectibleResponse[] {
  const { record, pending, isHidden } = asset;
  const key = record ?? pending?.key;
  if (!key) return [];
  const events = [...(pending?.events ?? []), ...(record?.events ?? [])].slice(0, MAX_EVENTS);
  return [
    {
      ...toAsset(reading.chain, key, tokens),
      collection: null,
      quantity: quantity.toString(),
      quantityReason: reason,
      verification,
      isQuantityExact: isExact,
      isFinal: pending === null && verification !== 'none',
      isHidden,
      events: events.map(toEvent),
    },
  ];
}

function toEvent({
  block,
  transactionHash,
  direction,
  counterparty,
  amount,
}: AssetEvent): CollectibleEventResponse {
  return {
    block: toBlock(block),
    transactionHash,
    direction,
    counterparty: shown(counterparty),
    quantity: amount,
  };
}

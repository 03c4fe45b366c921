import { Flag, ListOf, Nested, NextCursor, OneOf, Text } from '@countersign/http';
import type { AssetEvent } from '../assets';
import type { Direction } from '../entry';
import { quantityOf, type ReadAsset } from '../reading/history-reader';
import type { KnownTokens } from '../names/known-tokens';
import { isExact, type ReadPage, type WalletOnChain } from '../reading/wallet-reading.service';
import { AssetResponse, shown, toAsset } from './asset.response';
import { ADDRESS, ChainReadingResponse, HASH, toChainReading } from './chain.response';
import { toCursor } from './history.query';
import { BlockOfEntryResponse, directions, toBlock } from './transactions.response';

/** Of a collectible at most. */
const MAX_EVENTS = 20;

export class CollectibleEventResponse {
  @Nested(BlockOfEntryResponse, 'Its block.')
  block: BlockOfEntryResponse;

  @Text('Its transaction.', HASH, { nullable: true })
  transactionHash: string | null;

  @OneOf(directions, 'Seen from the wallet.', 'in')
  direction: Direction;

  @Text('The other address. The zero address mints and burns.', ADDRESS, { nullable: true })
  counterparty: string | null;

  @Text('How many, in decimal digits.', '1')
  quantity: string;
}

export class CollectibleResponse extends AssetResponse {
  @Text('How many came since the wallet is followed and did not go, in decimal digits.', '1')
  quantity: string;

  @Flag(
    'Whether all transfers that were seen are in `quantity`. False where some of its contract, or of the wallet, are not stored.',
    true,
  )
  isQuantityExact: boolean;

  @Flag('Whether a reorganisation can no longer change it.', true)
  isFinal: boolean;

  @Flag('Whether all of its transfers look like spam.', false)
  isHidden: boolean;

  @ListOf(CollectibleEventResponse, `The last ${String(MAX_EVENTS)} transfers, newest first.`)
  events: CollectibleEventResponse[];
}

export class CollectiblesPage {
  @Nested(ChainReadingResponse, 'How far the chain is read.')
  chain: ChainReadingResponse;

  @ListOf(
    CollectibleResponse,
    'In the order of their first transfer. Those that changed in blocks that are not final come first on the first page, beside its limit.',
  )
  items: CollectibleResponse[];

  @NextCursor()
  nextCursor: string | null;
}

export function toCollectiblesPage({ reading, tokens, items, next }: ReadPage<ReadAsset>): CollectiblesPage {
  return {
    chain: toChainReading(reading),
    items: items.flatMap((item) => toCollectible(reading, tokens, item)),
    nextCursor: toCursor(next),
  };
}

function toCollectible(reading: WalletOnChain, tokens: KnownTokens, asset: ReadAsset): CollectibleResponse[] {
  const { record, pending, isHidden } = asset;
  const key = record ?? pending?.key;
  if (!key) return [];
  const events = [...(pending?.events ?? []), ...(record?.events ?? [])].slice(0, MAX_EVENTS);
  return [
    {
      ...toAsset(reading.chain, key, tokens),
      quantity: quantityOf(asset).toString(),
      isQuantityExact: isExact(reading, key.contract),
      isFinal: pending === null,
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

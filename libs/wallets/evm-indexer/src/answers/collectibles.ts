import type { Address, Asset } from '@countersign/evm-transfers';
import type { Amounts, CollectibleResponse } from '@countersign/wallet-reading';
import type { IndexedEntry } from '../lists/entries';
import type { MovedRow } from '../lists/rows';
import { toAsset } from './asset';
import type { AnswerOf } from './transactions';

/** A collectible with its transfers, newest first. */
interface MovedCollectible {
  readonly asset: Asset;
  readonly rows: readonly MovedRow[];
  readonly isHidden: boolean;
}

/** In the order of their last transfers. */
export function collectiblesOf(entries: readonly IndexedEntry[], spam: AnswerOf['spam']): MovedCollectible[] {
  const byAsset = new Map<string, { asset: Asset; rows: MovedRow[]; isHidden: boolean }>();
  for (const { logs, transfers } of entries)
    for (const row of logs.toReversed()) {
      if (!('tokenId' in row.asset)) continue;
      const { contract, tokenId } = row.asset;
      const isSpam = spam.isHidden(transfers.filter(({ asset }) => isOf(asset, contract)));
      const key = `${contract}/${tokenId}`;
      const known = byAsset.get(key) ?? { asset: row.asset, rows: [], isHidden: true };
      byAsset.set(key, { ...known, rows: [...known.rows, row], isHidden: known.isHidden && isSpam });
    }
  return [...byAsset.values()];
}

/**
 * @param amounts at the final block, as the nodes say
 * @returns none for a collectible that the wallet no longer has
 */
export function toCollectible(
  { reading, wallet, names }: AnswerOf,
  { asset, rows, isHidden }: MovedCollectible,
  { amount, reason, verification }: Amounts,
): CollectibleResponse[] {
  const final = reading.final?.number ?? -1;
  const after = rows.filter(({ number }) => amount === null || number > final);
  const changes = after.map((row) =>
    row.from === row.to ? 0n : row.to === wallet ? row.amount : -row.amount,
  );
  const quantity = changes.reduce((sum, change) => sum + change, amount ?? 0n);
  if (quantity <= 0n) return [];
  return [
    {
      ...toAsset(reading.chain, asset, names),
      collection: null,
      quantity: quantity.toString(),
      quantityReason: reason,
      // Only the indexer lists what came later.
      verification: after.length === 0 ? verification : 'single',
      isFinal: after.length === 0 && verification === 'agreed',
      isHidden,
    },
  ];
}

function isOf(asset: Asset, contract: Address): boolean {
  return asset.standard !== 'native' && asset.contract === contract;
}

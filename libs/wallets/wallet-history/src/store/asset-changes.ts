import type { EntityManager } from 'typeorm';
import { unlessSealed } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { changed, changesOf, isCollectible, nameOfAsset } from '../assets';
import type { HistoryEntry } from '../entry';
import { assetDigest, assetsDigest } from './digests';
import type { AssetRow, HistoryRepository } from './history.repository';
import { sealedAsset } from './sealing';

/** Entries of one wallet. */
export interface EntriesOfWallet {
  readonly wallet: OpenedWallet;
  readonly entries: readonly HistoryEntry[];
}

/**
 * Counts what entries change of the assets of wallets.
 * @returns the wallets of which an asset was damaged: it counts from here on
 */
export async function addAssetChanges(
  tx: EntityManager,
  history: HistoryRepository,
  chainId: string,
  all: readonly EntriesOfWallet[],
): Promise<readonly string[]> {
  const damaged: string[] = [];
  const changes = all.flatMap(({ wallet, entries }) =>
    [...changesOf(entries).values()].map((change) => ({
      wallet,
      change,
      digest: assetsDigest(wallet, chainId),
      asset: assetDigest(wallet, chainId, nameOfAsset(change.key)),
    })),
  );
  if (changes.length === 0) return damaged;
  const before = new Map(
    (await history.assets(tx, changes)).map((row) => [hexOf(row.digest, row.asset), row]),
  );
  const digests = new Map(changes.map(({ digest }) => [digest.toString('hex'), digest]));
  const next = new Map(await history.lastAssetSequences(tx, [...digests.values()]));
  const saved = changes.map(({ wallet, change, digest, asset }): AssetRow => {
    const row = before.get(hexOf(digest, asset));
    const known = row
      ? unlessSealed(() => sealedAsset.open(wallet.dataKey, [digest, asset], row.content))
      : null;
    if (row && !known) damaged.push(wallet.walletId);
    const record = changed(known, change);
    const sequence = row?.sequence ?? (next.get(digest.toString('hex')) ?? 0) + 1;
    if (!row) next.set(digest.toString('hex'), sequence);
    return {
      digest,
      asset,
      sequence,
      isCollectible: isCollectible(record),
      isOwned: BigInt(record.change) > 0n,
      isHidden: change.isHidden && (row?.isHidden ?? true),
      content: sealedAsset.seal(wallet.dataKey, [digest, asset], record),
    };
  });
  await history.saveAssets(tx, saved);
  return damaged;
}

function hexOf(digest: Buffer, asset: Buffer): string {
  return digest.toString('hex') + asset.toString('hex');
}

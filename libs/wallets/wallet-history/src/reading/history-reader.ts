import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Chain } from '@countersign/chains';
import { unlessSealed } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { changesOf, isCollectible, nameOfAsset, type AssetChange, type AssetRecord } from '../assets';
import { inOrder, isHidden, nameOf, type HistoryEntry } from '../entry';
import { HistoryLimits } from '../history-limits';
import {
  assetDigest,
  assetsDigest,
  entryDigest,
  historyDigest,
  omissionsDigest,
  pendingDigest,
} from '../store/digests';
import { HistoryRepository, type AssetRow, type Slice } from '../store/history.repository';
import { PendingRepository } from '../store/pending.repository';
import { NOTHING_OMITTED, toOmissions } from '../omissions';
import { sealedAsset, sealedFinal, sealedOmissions, sealedPending } from '../store/sealing';

/** An entry, and whether its block is final and more than one node stands behind its contents. */
export interface ReadEntry {
  readonly entry: HistoryEntry;
  readonly isFinal: boolean;
  readonly isHidden: boolean;
}

/** Entries of blocks that are not final, newest first. */
export interface ReadPending {
  readonly entries: readonly ReadEntry[];
  /** There are more than are read of one answer. */
  readonly hasMore: boolean;
}

/** What is known of an asset: what final transfers changed, and what others change besides. */
export interface ReadAsset {
  readonly record: AssetRecord | null;
  readonly pending: AssetChange | null;
  readonly isHidden: boolean;
}

/** What is not stored of a wallet's transfers on a chain. */
export interface ReadOmissions {
  /** How many in final blocks. */
  readonly transfers: number;
  /** Some are not stored, in final blocks or in others. */
  readonly hasAny: boolean;
  /** Some of listed tokens. */
  readonly hasListed: boolean;
  /** The stored count cannot be opened: any number of transfers may be missing. */
  readonly isDamaged: boolean;
}

export type Page = Omit<Slice, 'digest'>;

export interface Pageful<T> {
  readonly items: readonly T[];
  /** Of the last row; `null` on the last page. */
  readonly next: number | null;
}

export interface HistoryPage extends Pageful<ReadEntry> {
  /** Some rows cannot be opened, and are left out. */
  readonly isDamaged: boolean;
}

const MAX_FUNGIBLE = 1_000;

/** Reads the rows of a wallet on one chain. All reads of one answer run in one snapshot of the caller. */
@Injectable()
export class HistoryReader {
  constructor(
    private readonly history: HistoryRepository,
    private readonly pending: PendingRepository,
    private readonly limits: HistoryLimits,
  ) {}

  /**
   * Entries that vanished are listed as such, unless the chain has them in another block.
   * @param limit how many are read: of each block first those that not anyone can send. `null`: all
   */
  async pendingOf(
    manager: EntityManager,
    wallet: OpenedWallet,
    chainId: string,
    limit: number | null = this.limits.pendingRows,
  ): Promise<ReadPending> {
    const hashes = await this.pending.hashes(manager, chainId);
    const blocks = hashes.map((hash) => ({ hash, digest: pendingDigest(wallet, chainId, hash) }));
    const rows =
      blocks.length === 0 ? [] : await this.pending.of(manager, chainId, blocks, limit && limit + 1);
    const entries = rows
      .slice(0, limit ?? rows.length)
      .map((row) => ({
        ...sealedPending.open(wallet.dataKey, [row.digest, row.position], row.content),
        vanishedAt: row.orphanedAt?.toISOString() ?? null,
      }))
      .toSorted(inOrder);
    const live = entries.filter(({ vanishedAt }) => vanishedAt === null);
    const vanished = await this.reallyVanished(manager, wallet, chainId, entries);
    return {
      entries: [...live, ...vanished]
        .toSorted((one, other) => inOrder(other, one))
        .map((entry) => ({ entry, isFinal: false, isHidden: isHidden(entry) })),
      hasMore: limit !== null && rows.length > limit,
    };
  }

  /** Newest first. @param pending what `pendingOf` answered; `null`: it is read where it matters */
  async pageOf(
    manager: EntityManager,
    wallet: OpenedWallet,
    chainId: string,
    page: Page,
    pending: readonly ReadEntry[] | null,
  ): Promise<HistoryPage> {
    const digest = historyDigest(wallet, chainId);
    const rows = await this.history.page(manager, { ...page, digest });
    const shown = rows.slice(0, page.limit);
    const read = shown.flatMap(({ sequence, content, isHidden: wasHidden }) => {
      const entry = unlessSealed(() => sealedFinal.open(wallet.dataKey, [digest, sequence], content));
      if (!entry) return [];
      const isFinal = (entry.verification ?? 'none') !== 'none';
      return [{ entry, isFinal, isHidden: wasHidden }];
    });
    const hasVanished = read.some(({ entry }) => entry.vanishedAt !== null);
    const known = pending ?? (hasVanished ? (await this.pendingOf(manager, wallet, chainId)).entries : []);
    const onChain = new Set(
      known.filter(({ entry }) => entry.vanishedAt === null).map(({ entry }) => nameOf(entry)),
    );
    const items = read.filter(({ entry }) => entry.vanishedAt === null || !onChain.has(nameOf(entry)));
    const next = rows.length > page.limit ? (shown.at(-1)?.sequence ?? null) : null;
    return { items, next, isDamaged: read.length < shown.length };
  }

  /**
   * The coin and the listed tokens, then others: at most 1,000 of them, and those that changed in blocks that are not
   * final. Others cost next to nothing to send, so they do not push the first out.
   */
  async fungibleOf(
    manager: EntityManager,
    wallet: OpenedWallet,
    { id: chainId, tokens }: Pick<Chain, 'id' | 'tokens'>,
    pending: readonly ReadEntry[],
    includesHidden: boolean,
  ): Promise<readonly ReadAsset[]> {
    const digest = assetsDigest(wallet, chainId);
    const changes = new Map(
      [...changesOf(oldestFirst(pending))].filter(([, { key }]) => !isCollectible(key)),
    );
    const firstNames = ['native', ...tokens.map(({ address }) => `erc20/${address}`)];
    const wanted = [...new Set([...firstNames, ...changes.keys()])];
    const rows = [
      ...(await this.history.assets(
        manager,
        wanted.map((name) => ({ digest, asset: assetDigest(wallet, chainId, name) })),
      )),
      ...(await this.history.fungible(manager, { digest, limit: MAX_FUNGIBLE, includesHidden })),
    ];
    const bySequence = new Map(rows.map((row) => [row.sequence, row]));
    const known = [...bySequence.values()]
      .toSorted((one, other) => one.sequence - other.sequence)
      .map((row) => toAsset(wallet, row, changes));
    const names = new Set(known.map(({ record }) => record && nameOfAsset(record)));
    const others = [...changes]
      .filter(([name]) => !names.has(name))
      .map(([, change]) => ({ record: null, pending: change, isHidden: change.isHidden }));
    const isFirst = ({ record, pending: change }: ReadAsset): boolean => {
      const key = record ?? change?.key;
      return key !== undefined && firstNames.includes(nameOfAsset(key));
    };
    const all: readonly ReadAsset[] = [...known, ...others];
    return [...all.filter(isFirst), ...all.filter((asset) => !isFirst(asset))].filter(
      (asset) => includesHidden || !asset.isHidden,
    );
  }

  /** On the first page those that changed in blocks that are not final come first, and are not counted. */
  async collectiblesOf(
    manager: EntityManager,
    wallet: OpenedWallet,
    chainId: string,
    page: Page,
    pending: readonly ReadEntry[],
  ): Promise<Pageful<ReadAsset>> {
    const digest = assetsDigest(wallet, chainId);
    const changes = changesOf(oldestFirst(pending));
    const touched = [...changes].filter(([, { key }]) => isCollectible(key));
    const wanted = touched.map(([name]) => ({ digest, asset: assetDigest(wallet, chainId, name) }));
    const found = wanted.length === 0 ? [] : await this.history.assets(manager, wanted);
    const known = found.map((row) => toAsset(wallet, row, changes));
    const names = new Set(known.map(({ record }) => record && nameOfAsset(record)));
    const fresh = touched
      .filter(([name]) => !names.has(name))
      .map(([, change]) => ({ record: null, pending: change, isHidden: change.isHidden }));
    const first = [...fresh, ...known].filter(
      (asset) => quantityOf(asset) > 0n && (page.includesHidden || !asset.isHidden),
    );
    const rows = await this.history.collectibles(manager, { ...page, digest });
    const shown = rows.slice(0, page.limit);
    const touchedDigests = new Set(wanted.map(({ asset }) => asset.toString('hex')));
    const rest = shown
      .filter(({ asset }) => !touchedDigests.has(asset.toString('hex')))
      .map((row) => toAsset(wallet, row, new Map()));
    return {
      items: page.after === null ? [...first, ...rest] : rest,
      next: rows.length > page.limit ? (shown.at(-1)?.sequence ?? null) : null,
    };
  }

  /** What final transfers changed of everything. */
  async assetsOf(
    manager: EntityManager,
    wallet: OpenedWallet,
    chainId: string,
    page: Page,
  ): Promise<Pageful<AssetRecord>> {
    const digest = assetsDigest(wallet, chainId);
    const rows = await this.history.allAssets(manager, { ...page, digest });
    const shown = rows.slice(0, page.limit);
    return {
      items: shown.map(({ asset, content }) => sealedAsset.open(wallet.dataKey, [digest, asset], content)),
      next: rows.length > page.limit ? (shown.at(-1)?.sequence ?? null) : null,
    };
  }

  /** @param pending entries of blocks that are not final, of which some may not be stored either */
  async omissionsOf(
    manager: EntityManager,
    wallet: OpenedWallet,
    { id, tokens }: Pick<Chain, 'id' | 'tokens'>,
    pending: readonly ReadEntry[] = [],
  ): Promise<ReadOmissions> {
    const digest = omissionsDigest(wallet, id);
    const [row] = await this.history.omissions(manager, [digest]);
    const known = row && unlessSealed(() => sealedOmissions.open(wallet.dataKey, [digest], row.content));
    const listed = new Set(tokens.map(({ address }) => address));
    const { omitted, hasListed } = toOmissions(known ?? NOTHING_OMITTED, listed);
    const ofPending = pending.flatMap(({ entry }) =>
      entry.omittedOf && entry.vanishedAt === null ? [entry.omittedOf] : [],
    );
    return {
      transfers: omitted,
      hasAny: omitted > 0 || ofPending.length > 0,
      hasListed: hasListed || ofPending.some((each) => each.hasListed),
      isDamaged: row !== undefined && !known,
    };
  }

  private async reallyVanished(
    manager: EntityManager,
    wallet: OpenedWallet,
    chainId: string,
    entries: readonly HistoryEntry[],
  ): Promise<readonly HistoryEntry[]> {
    const live = new Set(entries.filter(({ vanishedAt }) => vanishedAt === null).map(nameOf));
    // Of several blocks that had it the last one.
    const vanished = new Map(
      entries
        .filter((entry) => entry.vanishedAt !== null && !live.has(nameOf(entry)))
        .map((entry) => [nameOf(entry), entry]),
    );
    if (vanished.size === 0) return [];
    const digest = historyDigest(wallet, chainId);
    const wanted = [...vanished.keys()].map((name) => ({
      digest,
      entry: entryDigest(wallet, chainId, name),
    }));
    const found = await this.history.find(manager, wanted);
    const onChain = new Set(found.map(({ entry }) => entry.toString('hex')));
    return [...vanished].flatMap(([name, entry]) =>
      onChain.has(entryDigest(wallet, chainId, name).toString('hex')) ? [] : [entry],
    );
  }
}

/** In base units, or how many of a collectible: since the wallet is followed. */
export function quantityOf({ record, pending }: ReadAsset): bigint {
  return BigInt(record?.change ?? '0') + (pending?.change ?? 0n);
}

function toAsset(
  wallet: OpenedWallet,
  { digest, asset, content, isHidden: wasHidden }: AssetRow,
  changes: ReadonlyMap<string, AssetChange>,
): ReadAsset {
  const record = sealedAsset.open(wallet.dataKey, [digest, asset], content);
  const pending = changes.get(nameOfAsset(record)) ?? null;
  return { record, pending, isHidden: wasHidden && (pending?.isHidden ?? true) };
}

function oldestFirst(entries: readonly ReadEntry[]): readonly HistoryEntry[] {
  return entries.map(({ entry }) => entry).toReversed();
}

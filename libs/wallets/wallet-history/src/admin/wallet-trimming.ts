import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Chain } from '@countersign/chains';
import { unlessSealed } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { changed, changesOf, isCollectible, nameOfAsset, type AssetRecord } from '../assets';
import { ChainResetRepository } from '../store/chain-reset.repository';
import { isForeignTransfer } from '../entry';
import { assetDigest, assetsDigest, historyDigest, omissionsDigest } from '../store/digests';
import { HistoryRepository, type AssetRow, type FinalRow } from '../store/history.repository';

import { sealedAsset, sealedCounterparties, sealedFinal, sealedOmissions } from '../store/sealing';
import { OmissionCountsRepository } from '../store/omission-counts.repository';
import { WalletChainsRepository } from '../store/wallet-chains.repository';
import { countedUpTo } from '../omission-count';

const PAGE = 500;
const BELOW_ALL = Number.MIN_SAFE_INTEGER;

/** What was taken from the history of a wallet. */
export interface Trimmed {
  /** How many entries went. */
  readonly removed: number;
  /** Something that is stored cannot be opened. */
  readonly isDamaged: boolean;
}

/** Takes from the history of a wallet what a chain is read again for. */
@Injectable()
export class WalletTrimming {
  constructor(
    private readonly history: HistoryRepository,
    private readonly resets: ChainResetRepository,
    private readonly walletChains: WalletChainsRepository,
    private readonly omissionCounts: OmissionCountsRepository,
  ) {}

  /** Its assets are computed anew from what is left. */
  async trim(tx: EntityManager, wallet: OpenedWallet, chain: Chain, lastBlock: number): Promise<Trimmed> {
    const digest = historyDigest(wallet, chain.id);
    const { later: gone, isDamaged } = await this.laterThan(tx, wallet, digest, lastBlock);
    if (gone.length === 0) {
      await this.countAgain(tx, wallet, chain.id, lastBlock);
      return { removed: 0, isDamaged };
    }
    for (let at = 0; at < gone.length; at += PAGE) await this.history.delete(tx, gone.slice(at, at + PAGE));
    const isWhole = await this.recompute(tx, wallet, chain, lastBlock);
    return { removed: gone.length, isDamaged: isDamaged || !isWhole };
  }

  /** Entries are in the order of the chain. Those above the last kept one that cannot be opened go too. */
  private async laterThan(
    tx: EntityManager,
    wallet: OpenedWallet,
    digest: Buffer,
    lastBlock: number,
  ): Promise<{ readonly later: readonly Pick<FinalRow, 'digest' | 'entry'>[]; readonly isDamaged: boolean }> {
    const later: Pick<FinalRow, 'digest' | 'entry'>[] = [];
    let isDamaged = false;
    for (let after: number | null = null; ;) {
      const page: readonly FinalRow[] = await this.history.page(tx, {
        digest,
        after,
        limit: PAGE - 1,
        includesHidden: true,
      });
      for (const { sequence, entry, content } of page) {
        const opened = unlessSealed(() => sealedFinal.open(wallet.dataKey, [digest, sequence], content));
        if (opened && opened.block.number <= lastBlock) return { later, isDamaged };
        isDamaged ||= !opened;
        later.push({ digest, entry });
      }
      if (page.length < PAGE) return { later, isDamaged };
      after = page.at(-1)?.sequence ?? null;
    }
  }

  /** @returns whether all that is left could be opened */
  private async recompute(
    tx: EntityManager,
    wallet: OpenedWallet,
    { id: chainId, tokens }: Chain,
    lastBlock: number,
  ): Promise<boolean> {
    let isWhole = true;
    const listed = new Set(tokens.map(({ address }) => address));
    let foreign = 0;
    const digest = historyDigest(wallet, chainId);
    const assets = new Map<string, { record: AssetRecord; isHidden: boolean }>();
    const paid = new Set<string>();
    for (let after = BELOW_ALL; ;) {
      const page = await this.resets.pageUp(tx, digest, after, PAGE);
      const opened = page.flatMap(({ sequence, content }) => {
        const entry = unlessSealed(() => sealedFinal.open(wallet.dataKey, [digest, sequence], content));
        return entry ? [{ entry, isFollowed: sequence > 0 }] : [];
      });
      isWhole &&= opened.length === page.length;
      for (const { entry } of opened)
        for (const { direction, counterparty } of entry.transfers)
          if (direction === 'out' && counterparty !== null) paid.add(counterparty);
      // Those from before the wallet was followed change no asset, and are not counted.
      const entries = opened.filter(({ isFollowed }) => isFollowed).map(({ entry }) => entry);
      for (const [name, change] of changesOf(entries)) {
        const before = assets.get(name);
        const isHidden = change.isHidden && (before?.isHidden ?? true);
        assets.set(name, { record: changed(before?.record ?? null, change), isHidden });
      }
      for (const entry of entries)
        foreign += entry.transfers.filter((transfer) => isForeignTransfer(entry, transfer, listed)).length;
      const last = page.at(-1);
      if (!last || page.length < PAGE) break;
      after = last.sequence;
    }
    await this.saveAssets(tx, wallet, chainId, [...assets.values()]);
    await this.forgetCounterparties(tx, wallet, chainId, paid);
    await this.countAgain(tx, wallet, chainId, lastBlock, foreign);
    return isWhole;
  }

  /**
   * What is read again counts again. Which contracts have omitted transfers stays noted.
   * @param foreign how many are stored, by default as before
   */
  private async countAgain(
    tx: EntityManager,
    wallet: OpenedWallet,
    chainId: string,
    lastBlock: number,
    foreign?: number,
  ): Promise<void> {
    const digest = omissionsDigest(wallet, chainId);
    const [row] = await this.omissionCounts.find(tx, [digest]);
    const before = row
      ? unlessSealed(() => sealedOmissions.open(wallet.dataKey, [digest], row.content))
      : null;
    if (!before) return;
    const counted = countedUpTo({ ...before, foreign: foreign ?? before.foreign }, lastBlock);
    await this.omissionCounts.save(tx, [
      { digest, content: sealedOmissions.seal(wallet.dataKey, [digest], counted) },
    ]);
  }

  private async saveAssets(
    tx: EntityManager,
    wallet: OpenedWallet,
    chainId: string,
    assets: readonly { readonly record: AssetRecord; readonly isHidden: boolean }[],
  ): Promise<void> {
    const digest = assetsDigest(wallet, chainId);
    await this.resets.deleteAssets(tx, digest);
    const rows = assets.map(({ record, isHidden }, index): AssetRow => {
      const asset = assetDigest(wallet, chainId, nameOfAsset(record));
      return {
        digest,
        asset,
        sequence: index + 1,
        isCollectible: isCollectible(record),
        isHeld: BigInt(record.change) > 0n,
        isHidden,
        content: sealedAsset.seal(wallet.dataKey, [digest, asset], record),
      };
    });
    for (let at = 0; at < rows.length; at += PAGE)
      await this.history.saveAssets(tx, rows.slice(at, at + PAGE));
  }

  /** Of the addresses that the wallet paid those that are still in its history. */
  private async forgetCounterparties(
    tx: EntityManager,
    wallet: OpenedWallet,
    chainId: string,
    paid: ReadonlySet<string>,
  ): Promise<void> {
    const { walletId } = wallet;
    const found = await this.walletChains.ofWallets(tx, [walletId]);
    const content = found.find((row) => row.chainId === chainId)?.counterparties;
    if (!content) return;
    const known = unlessSealed(() =>
      sealedCounterparties.open(wallet.dataKey, [wallet.walletId, chainId], content),
    );
    // Those of a row that is damaged are learnt anew.
    const kept = known?.filter((address) => paid.has(address)) ?? [];
    await this.walletChains.saveCounterparties(
      tx,
      chainId,
      walletId,
      sealedCounterparties.seal(wallet.dataKey, [wallet.walletId, chainId], kept),
    );
  }
}

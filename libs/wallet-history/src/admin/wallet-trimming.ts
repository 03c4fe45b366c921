import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { OpenedWallet } from '@countersign/wallets';
import { changed, changesOf, isCollectible, nameOfAsset, type AssetRecord } from '../assets';
import { ChainResetRepository } from '../store/chain-reset.repository';
import { assetDigest, assetsDigest, historyDigest } from '../store/digests';
import { HistoryRepository, type AssetRow, type FinalRow } from '../store/history.repository';
import { openCounterparties, openFinal, sealAsset, sealCounterparties } from '../store/sealing';
import { WalletChainsRepository } from '../store/wallet-chains.repository';

const PAGE = 500;

/** Takes from the history of a wallet what a chain is read again for. */
@Injectable()
export class WalletTrimming {
  constructor(
    private readonly history: HistoryRepository,
    private readonly resets: ChainResetRepository,
    private readonly walletChains: WalletChainsRepository,
  ) {}

  /** Its assets are computed anew from what is left. @returns how many entries of later blocks went */
  async trim(tx: EntityManager, wallet: OpenedWallet, chainId: string, lastBlock: number): Promise<number> {
    const digest = historyDigest(wallet, chainId);
    const gone = await this.laterThan(tx, wallet, digest, lastBlock);
    if (gone.length === 0) return 0;
    for (let at = 0; at < gone.length; at += PAGE) await this.history.delete(tx, gone.slice(at, at + PAGE));
    await this.recompute(tx, wallet, chainId);
    return gone.length;
  }

  /** Entries are in the order of the chain. */
  private async laterThan(
    tx: EntityManager,
    wallet: OpenedWallet,
    digest: Buffer,
    lastBlock: number,
  ): Promise<readonly Pick<FinalRow, 'digest' | 'entry'>[]> {
    const later: Pick<FinalRow, 'digest' | 'entry'>[] = [];
    for (let after: number | null = null; ;) {
      const page: readonly FinalRow[] = await this.history.page(tx, {
        digest,
        after,
        limit: PAGE - 1,
        includesHidden: true,
      });
      for (const { sequence, entry, content } of page) {
        if (openFinal(wallet, digest, sequence, content).block.number <= lastBlock) return later;
        later.push({ digest, entry });
      }
      if (page.length < PAGE) return later;
      after = page.at(-1)?.sequence ?? null;
    }
  }

  private async recompute(tx: EntityManager, wallet: OpenedWallet, chainId: string): Promise<void> {
    const digest = historyDigest(wallet, chainId);
    const assets = new Map<string, { record: AssetRecord; isHidden: boolean }>();
    const paid = new Set<string>();
    for (let after = 0; ;) {
      const page = await this.resets.pageUp(tx, digest, after, PAGE);
      const entries = page.map(({ sequence, content }) => openFinal(wallet, digest, sequence, content));
      for (const [name, change] of changesOf(entries)) {
        const before = assets.get(name);
        const isHidden = change.isHidden && (before?.isHidden ?? true);
        assets.set(name, { record: changed(before?.record ?? null, change), isHidden });
      }
      for (const { transfers } of entries)
        for (const { direction, counterparty } of transfers)
          if (direction === 'out' && counterparty !== null) paid.add(counterparty);
      const last = page.at(-1);
      if (!last || page.length < PAGE) break;
      after = last.sequence;
    }
    await this.saveAssets(tx, wallet, chainId, [...assets.values()]);
    await this.forgetCounterparties(tx, wallet, chainId, paid);
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
        content: sealAsset(wallet, digest, asset, record),
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
    const kept = openCounterparties(wallet, chainId, content).filter((address) => paid.has(address));
    await this.walletChains.saveCounterparties(
      tx,
      chainId,
      walletId,
      sealCounterparties(wallet, chainId, kept),
    );
  }
}

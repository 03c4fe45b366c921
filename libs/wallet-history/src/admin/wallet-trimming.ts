import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Chain } from '@countersign/chains';
import { unlessSealed } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/wallets';
import { changed, changesOf, isCollectible, nameOfAsset, type AssetRecord } from '../assets';
import { ChainResetRepository } from '../store/chain-reset.repository';
import { isForeignTransfer } from '../entry';
import { assetDigest, assetsDigest, historyDigest, tallyDigest } from '../store/digests';
import { HistoryRepository, type AssetRow, type FinalRow } from '../store/history.repository';
import {
  openCounterparties,
  openFinal,
  openTally,
  sealAsset,
  sealCounterparties,
  sealTally,
} from '../store/sealing';
import { TalliesRepository } from '../store/tallies.repository';
import { WalletChainsRepository } from '../store/wallet-chains.repository';

const PAGE = 500;

/** Takes from the history of a wallet what a chain is read again for. */
@Injectable()
export class WalletTrimming {
  constructor(
    private readonly history: HistoryRepository,
    private readonly resets: ChainResetRepository,
    private readonly walletChains: WalletChainsRepository,
    private readonly tallies: TalliesRepository,
  ) {}

  /** Its assets are computed anew from what is left. @returns how many entries of later blocks went */
  async trim(tx: EntityManager, wallet: OpenedWallet, chain: Chain, lastBlock: number): Promise<number> {
    const digest = historyDigest(wallet, chain.id);
    const gone = await this.laterThan(tx, wallet, digest, lastBlock);
    if (gone.length === 0) return 0;
    for (let at = 0; at < gone.length; at += PAGE) await this.history.delete(tx, gone.slice(at, at + PAGE));
    await this.recompute(tx, wallet, chain);
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

  private async recompute(
    tx: EntityManager,
    wallet: OpenedWallet,
    { id: chainId, tokens }: Chain,
  ): Promise<void> {
    const listed = new Set(tokens.map(({ address }) => address));
    let foreign = 0;
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
      for (const entry of entries)
        for (const transfer of entry.transfers) {
          const { direction, counterparty } = transfer;
          if (direction === 'out' && counterparty !== null) paid.add(counterparty);
          if (isForeignTransfer(entry, transfer, listed)) foreign += 1;
        }
      const last = page.at(-1);
      if (!last || page.length < PAGE) break;
      after = last.sequence;
    }
    await this.saveAssets(tx, wallet, chainId, [...assets.values()]);
    await this.forgetCounterparties(tx, wallet, chainId, paid);
    await this.countAgain(tx, wallet, chainId, foreign);
  }

  /** What is read again counts again. Which contracts have omitted transfers stays noted. */
  private async countAgain(
    tx: EntityManager,
    wallet: OpenedWallet,
    chainId: string,
    foreign: number,
  ): Promise<void> {
    const digest = tallyDigest(wallet, chainId);
    const [row] = await this.tallies.find(tx, [digest]);
    const before = row ? unlessSealed(() => openTally(wallet, digest, row.content)) : null;
    if (!before) return;
    await this.tallies.save(tx, [{ digest, content: sealTally(wallet, digest, { ...before, foreign }) }]);
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

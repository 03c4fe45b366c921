import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ListensToWallets, type OpenedWallet, type OnWalletChange } from '@countersign/linked-wallets';
import { assetsDigest, historyDigest, pendingDigest, omissionsDigest } from './store/digests';
import { PendingRepository } from './store/pending.repository';
import { WalletChainsRepository } from './store/wallet-chains.repository';

/** What is stored of a wallet's balances and history. */
@Injectable()
@ListensToWallets()
export class WalletHistoryListener implements OnWalletChange {
  constructor(
    private readonly walletChains: WalletChainsRepository,
    private readonly pending: PendingRepository,
  ) {}

  /** The follower of each chain registers it with the next block. */
  onLinked(): Promise<void> {
    return Promise.resolve();
  }

  /** Nothing opens its rows any more. They may be many: a job deletes them by their digests. */
  async onLeaving(tx: EntityManager, wallet: OpenedWallet): Promise<void> {
    const chains = await this.walletChains.ofWallets(tx, [wallet.walletId]);
    for (const { chainId } of chains) {
      const hashes = await this.pending.hashes(tx, chainId);
      const blocks = hashes.map((hash) => ({ hash, digest: pendingDigest(wallet, chainId, hash) }));
      await this.pending.deleteOf(tx, chainId, blocks);
    }
    const orphaned = chains.flatMap(({ chainId }) => [
      historyDigest(wallet, chainId),
      assetsDigest(wallet, chainId),
      omissionsDigest(wallet, chainId),
    ]);
    if (orphaned.length > 0) await this.walletChains.addOrphaned(tx, orphaned);
  }
}

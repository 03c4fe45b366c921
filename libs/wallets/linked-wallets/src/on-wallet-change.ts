import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import type { OpenedWallet } from './store/wallet-sealing';
import { extensionPoint } from '@countersign/extensions';

/**
 * What another module stores about wallets, under their keys. Called in the transaction of the change, which holds the
 * lock of the wallet's row. A merge calls nothing: the wallet has the same id and key after it.
 */
export interface OnWalletChange {
  /** The wallet's row and its key are about to be deleted: by unlinking, by erasure, or by detaching its identity. */
  onLeaving(tx: EntityManager, wallet: OpenedWallet): Promise<void>;
}

/** Registers a provider that stores something about wallets. */
export const ListensToWallets = extensionPoint<OnWalletChange>();

/** All providers with `@ListensToWallets()`, as one. */
@Injectable()
export class WalletListeners implements OnWalletChange {
  private readonly listeners;

  constructor(discovery: DiscoveryService) {
    this.listeners = ListensToWallets.in(discovery);
  }

  async onLeaving(tx: EntityManager, wallet: OpenedWallet): Promise<void> {
    for (const listener of this.listeners.all) await listener.onLeaving(tx, wallet);
  }
}

import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import type { OpenedWallet } from './store/wallet-sealing';

/**
 * What another module stores about wallets, under their keys. Called in the transaction of the change, which holds the
 * lock of the wallet's row. A merge gives no call: the wallet keeps its id and its key.
 */
export interface WalletPart {
  /** A wallet is new, with a key of its own. */
  onLinked(tx: EntityManager, wallet: OpenedWallet): Promise<void>;
  /** The wallet's row and its key are about to be deleted: by unlinking, by erasure, or by detaching its identity. */
  onLeaving(tx: EntityManager, wallet: OpenedWallet): Promise<void>;
}

const WalletPartOf = DiscoveryService.createDecorator();

/** Registers a provider that stores something about wallets. */
export function PartOfWallet(): (provider: new (...parts: never[]) => WalletPart) => void {
  return WalletPartOf({});
}

/** All providers with `@PartOfWallet()`, as one. */
@Injectable()
export class WalletParts implements WalletPart {
  private found: readonly WalletPart[] | null = null;

  constructor(private readonly discovery: DiscoveryService) {}

  async onLinked(tx: EntityManager, wallet: OpenedWallet): Promise<void> {
    for (const part of this.all) await part.onLinked(tx, wallet);
  }

  async onLeaving(tx: EntityManager, wallet: OpenedWallet): Promise<void> {
    for (const part of this.all) await part.onLeaving(tx, wallet);
  }

  /** In the order of their names, so that all replicas lock in one order. */
  private get all(): readonly WalletPart[] {
    this.found ??= this.discovery
      .getProviders({ metadataKey: WalletPartOf.KEY })
      .map(({ instance }) => instance as WalletPart)
      .toSorted((one, other) => (one.constructor.name < other.constructor.name ? -1 : 1));
    return this.found;
  }
}

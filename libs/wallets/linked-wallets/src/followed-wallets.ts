import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type BlindIndex } from '@countersign/crypto';
import { Notifications } from '@countersign/database';
import { addressDigests } from './digests/address-digests';
import { AddressDigestsRepository, type FollowedDigest } from './digests/address-digests.repository';
import { WALLETS_CHANNEL } from './store/wallet-channel.repository';

export type { FollowedDigest } from './digests/address-digests.repository';

/** What a follower of a chain hears about. */
export interface WalletsListener {
  /** The wallet was linked, got another digest, or is gone: read it again with `find`. */
  onChanged(walletId: string): void;
  /** Changes may have been missed: read all again. */
  onGap(): void;
}

/** Which addresses the followers of chains look for: by keyed digests, never by the addresses. */
@Injectable()
export class FollowedWallets {
  constructor(
    private readonly digests: AddressDigestsRepository,
    private readonly notifications: Notifications,
    private readonly keyRing: KeyRing,
  ) {}

  /** One digest of the address per index key of the ring, the active one first. @param address as `ProvenWallet` has it */
  digestsOf(namespace: 'eip155' | 'ton', address: string): readonly BlindIndex[] {
    return addressDigests(this.keyRing, namespace, address);
  }

  /** All wallets of one provider with their digests, in pages. Each page is read when it is asked for. */
  async *all(
    read: <T>(work: (manager: EntityManager) => Promise<T>) => Promise<T>,
    provider: 'ethereum' | 'ton',
    pageSize = 1_000,
  ): AsyncGenerator<readonly FollowedDigest[]> {
    for (let after: string | null = null; ;) {
      const afterId: string | null = after;
      const page: readonly FollowedDigest[] = await read((manager) =>
        this.digests.page(manager, { provider, afterId, limit: pageSize }),
      );
      if (page.length > 0) yield page;
      after = page.at(-1)?.walletId ?? null;
      if (after === null) return;
    }
  }

  /** The digests of some wallets; none of those that are gone. */
  async find(manager: EntityManager, walletIds: readonly string[]): Promise<readonly FollowedDigest[]> {
    return walletIds.length === 0 ? [] : this.digests.find(manager, walletIds);
  }

  /** Call it in a constructor: later the subscription may come too late for the first message. */
  listen(listener: WalletsListener): void {
    this.notifications.subscribe(WALLETS_CHANNEL, {
      onMessage: (walletId) => {
        listener.onChanged(walletId);
      },
      onGap: () => {
        listener.onGap();
      },
    });
  }
}

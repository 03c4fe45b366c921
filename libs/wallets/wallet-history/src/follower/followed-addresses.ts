import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Chain } from '@countersign/chains';
import { Database } from '@countersign/database';
import { FollowedWallets, type FollowedDigest } from '@countersign/linked-wallets';
import { isOn } from '@countersign/wallet-reading';

/** Addresses of blocks, mostly of busy contracts and of exchanges, whose digests are known. */
const KNOWN_ADDRESSES = 20_000;

/** After more new wallets than these, all are looked through. */
const MAX_NEW = 20_000;

type Wallet = Pick<FollowedDigest, 'walletId' | 'environment' | 'chainId' | 'linkedAt'>;

/**
 * The followed addresses in memory, as keyed digests: an address of a block is looked up by its own digest. Each
 * replica has them in memory; the one that follows a chain asks.
 */
@Injectable()
export class FollowedAddresses {
  private readonly wallets = new Map<string, Wallet & { readonly digests: readonly string[] }>();
  private readonly byDigest = new Map<string, Set<string>>();
  /** Not by `max`, which allocates all of it at once. */
  private readonly known = new LRUCache<string, readonly string[]>({
    maxSize: KNOWN_ADDRESSES,
    sizeCalculation: () => 1,
  });
  private readonly stale = new Set<string>();
  private isComplete = false;
  private generation = 0;
  /** The wallet of each step of `version`, the newest last. */
  private readonly added: string[] = [];
  private refreshing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly followed: FollowedWallets,
    private readonly database: Database,
  ) {
    followed.listen({
      onChanged: (walletId) => {
        // Before the first refresh there is nothing to correct: not every replica follows a chain.
        if (this.isComplete) this.stale.add(walletId);
      },
      onGap: () => {
        this.isComplete = false;
      },
    });
  }

  /** Grows with each wallet that is new. */
  get version(): number {
    return this.generation;
  }

  /**
   * Reads what has changed since the last call. One at a time: the followers of several chains share it, and one that reads
   * everything does not see what another one has found meanwhile.
   * @param isAll everything, for one that has just taken a lease
   */
  refresh(isAll = false): Promise<void> {
    const refreshed = this.refreshing.then(() => this.refreshNow(isAll));
    this.refreshing = refreshed.catch(() => undefined);
    return refreshed;
  }

  private async refreshNow(isAll: boolean): Promise<void> {
    if (isAll || !this.isComplete) await this.load();
    const changed = [...this.stale];
    if (changed.length === 0) return;
    for (const walletId of changed) this.stale.delete(walletId);
    try {
      const found = await this.database.read((manager) => this.followed.find(manager, changed));
      for (const walletId of changed)
        this.set(
          walletId,
          found.filter((digest) => digest.walletId === walletId),
        );
    } catch (error) {
      for (const walletId of changed) this.stale.add(walletId);
      throw error;
    }
  }

  /** Whose address it is, on a chain. */
  walletsAt(chain: Chain, address: string): readonly string[] {
    let digests = this.known.get(address);
    if (!digests) {
      digests = this.followed.digestsOf('eip155', address).map(({ digest }) => digest.toString('latin1'));
      this.known.set(address, digests);
    }
    const found = new Set<string>();
    for (const digest of digests)
      for (const walletId of this.byDigest.get(digest) ?? [])
        if (isOn(chain, this.wallets.get(walletId))) found.add(walletId);
    return [...found];
  }

  has(walletId: string): boolean {
    return this.wallets.has(walletId);
  }

  /** When a wallet was linked, in milliseconds. */
  linkedAt(walletId: string): number {
    return this.wallets.get(walletId)?.linkedAt.getTime() ?? 0;
  }

  /**
   * Those on a chain that are new since a version: a link must not cost a walk through all wallets.
   * @param since a former `version`
   * @returns null where more are new than are remembered
   */
  addedOn(chain: Chain, since: number): readonly string[] | null {
    const steps = this.generation - since;
    if (steps > this.added.length) return null;
    return this.on(chain, new Set(this.added.slice(this.added.length - steps)));
  }

  allOn(chain: Chain): readonly string[] {
    return this.on(chain, this.wallets.keys());
  }

  private on(chain: Chain, walletIds: Iterable<string>): readonly string[] {
    return [...walletIds].filter((walletId) => isOn(chain, this.wallets.get(walletId)));
  }

  private async load(): Promise<void> {
    // What changes while it is read is read again.
    this.isComplete = true;
    const read = this.database.read.bind(this.database);
    const found = new Map<string, FollowedDigest[]>();
    try {
      for await (const page of this.followed.all(read, 'ethereum'))
        for (const digest of page)
          found.set(digest.walletId, [...(found.get(digest.walletId) ?? []), digest]);
    } catch (error) {
      this.isComplete = false;
      throw error;
    }
    for (const walletId of this.wallets.keys()) if (!found.has(walletId)) this.set(walletId, []);
    for (const [walletId, digests] of found) this.set(walletId, digests);
  }

  private set(walletId: string, digests: readonly FollowedDigest[]): void {
    for (const digest of this.wallets.get(walletId)?.digests ?? []) {
      const sharing = this.byDigest.get(digest);
      sharing?.delete(walletId);
      if (sharing?.size === 0) this.byDigest.delete(digest);
    }
    const isNew = !this.wallets.delete(walletId);
    const [first] = digests;
    if (first?.provider !== 'ethereum') return;
    if (isNew) this.add(walletId);
    const keys = digests.map(({ digest }) => digest.toString('latin1'));
    const { environment, chainId, linkedAt } = first;
    this.wallets.set(walletId, { walletId, environment, chainId, linkedAt, digests: keys });
    for (const key of keys) this.byDigest.set(key, (this.byDigest.get(key) ?? new Set()).add(walletId));
  }

  private add(walletId: string): void {
    this.generation += 1;
    if (this.added.length === MAX_NEW) this.added.splice(0, MAX_NEW / 2);
    this.added.push(walletId);
  }
}

import type { Chain } from '@countersign/chains';
import type { Database } from '@countersign/database';
import type { OpenedWallet, OpenedWallets, WalletKeys } from '@countersign/linked-wallets';
import { pendingDigest } from '../../store/digests';
import type { RowOfBlock } from '../../store/pending.repository';

const PAGE = 500;

/** A row, and whose it is. */
export interface OwnedRow extends RowOfBlock {
  readonly walletId: string;
}

/**
 * Whose the digests of blocks are, which no row tells. A follower that has taken the chain over tries all wallets,
 * once.
 */
export class PendingOwners {
  private readonly byDigest = new Map<string, string>();
  private readonly known = new Set<string>();

  constructor(
    private readonly chain: Chain,
    private readonly database: Database,
    private readonly walletKeys: WalletKeys,
  ) {}

  of(digest: Buffer): string | null {
    return this.byDigest.get(digest.toString('hex')) ?? null;
  }

  /**
   * Finds the owners of rows.
   * @param walletIds all that are followed on the chain
   * @returns the wallets whose keys cannot be opened, where rows are left that may be theirs
   */
  async learn(
    rows: readonly RowOfBlock[],
    walletIds: readonly string[],
    sort: (wallets: OpenedWallets) => {
      readonly opened: ReadonlyMap<string, OpenedWallet>;
      readonly unreadable: readonly string[];
    },
  ): Promise<readonly string[]> {
    const lost: string[] = [];
    const unknown = rows.filter(({ blockHash }) => !this.known.has(blockHash));
    const hashes = new Set(unknown.map(({ blockHash }) => blockHash));
    const wanted = new Set(unknown.map(({ digest }) => digest.toString('hex')));
    for (let at = 0; at < walletIds.length && wanted.size > 0; at += PAGE) {
      const page = walletIds.slice(at, at + PAGE);
      const wallets = await this.database.read((manager) => this.walletKeys.read(manager, page));
      const { opened, unreadable } = sort(wallets);
      lost.push(...unreadable);
      for (const [walletId, wallet] of opened)
        for (const hash of hashes) {
          const digest = pendingDigest(wallet, this.chain.id, hash).toString('hex');
          if (wanted.delete(digest)) this.byDigest.set(digest, walletId);
        }
    }
    for (const hash of hashes) this.known.add(hash);
    return wanted.size > 0 ? lost : [];
  }

  /** Of rows that this follower has written. */
  add(rows: readonly OwnedRow[]): void {
    for (const { blockHash, digest, walletId } of rows) {
      this.known.add(blockHash);
      this.byDigest.set(digest.toString('hex'), walletId);
    }
  }

  /** Of rows that are gone. */
  forget(rows: readonly RowOfBlock[]): void {
    for (const { blockHash, digest } of rows) {
      this.byDigest.delete(digest.toString('hex'));
      this.known.delete(blockHash);
    }
  }
}

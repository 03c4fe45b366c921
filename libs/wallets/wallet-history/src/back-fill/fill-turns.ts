import type { EntityManager } from 'typeorm';
import type { Chain } from '@countersign/chains';
import type { Database } from '@countersign/database';
import type { Address } from '@countersign/evm-blocks';
import type { WalletAddresses, WalletKeys } from '@countersign/linked-wallets';
import type { BackFillsRepository, Unfilled } from '../store/back-fills.repository';
import { openProgress, type FillProgress } from '../store/fill-progress';
import type { PendingBlock, PositionsRepository } from '../store/positions.repository';

/** A wallet that is searched next. */
export interface Turn {
  readonly wallet: Unfilled;
  readonly address: Address;
  readonly progress: FillProgress;
  /** The last final block of the window. */
  readonly final: PendingBlock;
}

export interface FillTurnsDeps {
  readonly database: Database;
  readonly positions: PositionsRepository;
  readonly backFills: BackFillsRepository;
  readonly walletKeys: WalletKeys;
  readonly addresses: WalletAddresses;
}

/** How many wallets are read at once. */
const WALLETS_AT_ONCE = 100;

/** Takes turns over the wallets of a chain whose earlier blocks are not all searched (round robin). */
export class FillTurns {
  /** The wallet that was tried last. `null`: the first one is next. */
  private last: string | null = null;
  /** Whether no wallet of this round could be searched so far. */
  private isIdle = true;

  constructor(
    private readonly chain: Chain,
    private readonly deps: FillTurnsDeps,
    private readonly walletsAtOnce = WALLETS_AT_ONCE,
  ) {}

  /**
   * @returns the wallet whose turn it is; `unreadable` when none of those that were tried can be searched, and others are
   * left; `idle` when no wallet of the chain can be searched, or the follower needs the nodes
   */
  async next(): Promise<Turn | 'unreadable' | 'idle'> {
    const { database, positions } = this.deps;
    const { id: chainId } = this.chain;
    return database.read(async (manager) => {
      const position = (await positions.all(manager)).find((each) => each.chainId === chainId);
      if (position?.state !== 'following' || position.finalNumber === null) return 'idle';
      const { finalNumber } = position;
      const final = await positions.block(manager, chainId, finalNumber);
      if (!final) return 'idle';
      for (let after = this.last, isWrapped = false; ;) {
        const page = await this.page(manager, finalNumber, after);
        for (const wallet of page) {
          const found = await this.progressOf(manager, wallet);
          if (!found) continue;
          this.last = wallet.walletId;
          this.isIdle = false;
          return { wallet, ...found, final };
        }
        if (page.length === this.walletsAtOnce) return this.pass(page, isWrapped);
        if (after === null) return 'idle';
        after = null;
        isWrapped = true;
      }
    });
  }

  /** Goes on after unreadable wallets. Idle after a whole round in which no wallet could be searched. */
  private pass(unreadable: readonly Unfilled[], isWrapped: boolean): 'unreadable' | 'idle' {
    this.last = unreadable.at(-1)?.walletId ?? null;
    if (!isWrapped) return 'unreadable';
    const isIdle = this.isIdle;
    this.isIdle = true;
    return isIdle ? 'idle' : 'unreadable';
  }

  private page(
    manager: EntityManager,
    finalNumber: number,
    after: string | null,
  ): Promise<readonly Unfilled[]> {
    const { walletsAtOnce: limit } = this;
    return this.deps.backFills.unfilled(manager, { chainId: this.chain.id, finalNumber, after, limit });
  }

  /** `null` for a wallet that was unlinked meanwhile, or is damaged. */
  private async progressOf(
    manager: EntityManager,
    { walletId, fromBlock, progress: sealed }: Unfilled,
  ): Promise<Pick<Turn, 'address' | 'progress'> | null> {
    const { walletKeys, addresses } = this.deps;
    const { id: chainId, backfillBlocks } = this.chain;
    const opened = (await walletKeys.read(manager, [walletId])).get(walletId);
    const address = opened ? await addresses.read(manager, walletId) : null;
    if (!opened || address === null) return null;
    const progress = sealed
      ? openProgress(opened, { chainId, progress: sealed }, fromBlock)
      : { next: fromBlock - 1, lowest: Math.max(0, fromBlock - backfillBlocks), blocks: 0 };
    return progress && { address: address as Address, progress };
  }
}

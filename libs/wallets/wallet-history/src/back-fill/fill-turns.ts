import type { EntityManager } from 'typeorm';
import type { Chain } from '@countersign/chains';
import type { Address } from '@countersign/evm-blocks';
import type { ScanDeps } from '../follower/scan-deps';
import type { Unfilled } from '../store/back-fills.repository';
import { openProgress, type FillProgress } from '../store/fill-progress';
import type { PendingBlock } from '../store/positions.repository';

/** A wallet that is searched next. */
export interface Turn {
  readonly wallet: Unfilled;
  readonly address: Address;
  readonly progress: FillProgress;
  /** The last final block of the window. */
  readonly final: PendingBlock;
}

/** How many wallets are tried at once. */
const WALLETS_AT_ONCE = 100;

/** Takes turns over the wallets of a chain whose earlier blocks are not all searched (round robin). */
export class FillTurns {
  /** The wallet that was tried last. `null`: the first one is next. */
  private last: string | null = null;
  constructor(
    private readonly chain: Chain,
    private readonly deps: ScanDeps,
  ) {}

  /**
   * @returns the wallet whose turn it is; `unreadable` when none of those that were tried can be searched, and others are
   * left; `idle` when no wallet of the chain can be searched, or the follower needs the nodes
   */
  async next(): Promise<Turn | 'unreadable' | 'idle'> {
    const { database, positions, backFills } = this.deps;
    const { id: chainId } = this.chain;
    return database.read(async (manager) => {
      const position = (await positions.all(manager)).find((each) => each.chainId === chainId);
      if (position?.state !== 'following' || position.finalNumber === null) return 'idle';
      const { finalNumber } = position;
      const final = await positions.block(manager, chainId, finalNumber);
      if (!final) return 'idle';
      let isWrapped = this.last === null;
      for (let tries = 0; tries < WALLETS_AT_ONCE; tries += 1) {
        const wallet = await backFills.nextUnfilled(manager, chainId, finalNumber, this.last);
        this.last = wallet?.walletId ?? null;
        if (!wallet && isWrapped) return 'idle';
        isWrapped ||= !wallet;
        const found = wallet && (await this.progressOf(manager, wallet));
        if (found) return { wallet, ...found, final };
      }
      return 'unreadable';
    });
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

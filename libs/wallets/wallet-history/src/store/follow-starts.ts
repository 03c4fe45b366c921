import { HOUR } from '@countersign/clock';
import type { Start } from './wallet-chains.repository';

/** How late a wallet may become known that was linked before others, by clocks that differ and by long transactions. */
const LATE_MS = HOUR;

/** What is to be stored about wallets that are new to the follower of a chain. */
export interface NewWallets {
  /** Wallets that get a row of their own, and from which block on they are followed. */
  readonly rows: ReadonlyMap<string, number>;
  /** One for all others. */
  readonly start: Start | null;
}

/**
 * From which block on each wallet of a chain is followed. A wallet that nothing happened to has no row: the instant of its
 * link tells.
 */
export class FollowStarts {
  /** @param starts in the order of their instants */
  constructor(
    private readonly rows: Map<string, number>,
    private readonly starts: Start[],
  ) {}

  /** Wallets with a row. */
  get walletIds(): readonly string[] {
    return [...this.rows.keys()];
  }

  of(walletId: string, linkedAt: number): number | null {
    const row = this.rows.get(walletId);
    if (row !== undefined) return row;
    if (linkedAt > this.lastUntil) return null;
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle]?.linkedUntil.getTime() ?? 0) >= linkedAt) high = middle;
      else low = middle + 1;
    }
    return this.starts[low]?.fromBlock ?? null;
  }

  /** As `of`, where only an earlier follower has registered wallets: it may not have known those that were linked last. */
  ofEarlier(walletId: string, linkedAt: number): number | null {
    const isLate = !this.rows.has(walletId) && linkedAt > this.lastUntil - LATE_MS;
    return isLate ? null : this.of(walletId, linkedAt);
  }

  /**
   * @param areAll the wallets are all that there are, not only new ones: an earlier follower may have known them
   * @param now no wallet is linked later, unless by a wrong clock
   * @param needsRows each wallet needs a row: its earlier blocks are searched
   */
  newWallets(
    walletIds: readonly string[],
    linkedAtOf: (walletId: string) => number,
    wanted: {
      readonly fromBlock: number;
      readonly areAll: boolean;
      readonly now: number;
      readonly needsRows: boolean;
    },
  ): NewWallets {
    const { fromBlock, areAll, now, needsRows } = wanted;
    const rows = new Map<string, number>();
    let until = -Infinity;
    for (const walletId of walletIds) {
      if (this.rows.has(walletId)) continue;
      const linkedAt = linkedAtOf(walletId);
      const known = areAll ? this.ofEarlier(walletId, linkedAt) : null;
      if (needsRows) rows.set(walletId, known ?? fromBlock);
      else if (known !== null) continue;
      else if (linkedAt <= this.lastUntil || linkedAt > now) rows.set(walletId, fromBlock);
      else until = Math.max(until, linkedAt);
    }
    return { rows, start: until === -Infinity ? null : { linkedUntil: new Date(until), fromBlock } };
  }

  /** What is stored by now. */
  add({ rows, start }: NewWallets): void {
    for (const [walletId, fromBlock] of rows) this.rows.set(walletId, fromBlock);
    if (start) this.starts.push(start);
  }

  private get lastUntil(): number {
    return this.starts.at(-1)?.linkedUntil.getTime() ?? -Infinity;
  }
}

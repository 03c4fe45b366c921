import type { NodeError } from '@countersign/chains';

/** Blocks, both ends included. */
export interface BlockRange {
  readonly from: number;
  readonly to: number;
}

const FIRST_BLOCKS = 1_000;
const MAX_BLOCKS = 10_000;
const CALM_ANSWERS = 4;
/** A node that is away says nothing about the range, unless the answer was too much for it or for us. */
const TOO_MUCH: readonly string[] = ['answer_too_large', 'time_limit'];

/**
 * How many blocks the nodes of a chain answer logs of at once. Each provider has limits and texts of its own, so any
 * error halves the range, and some answers in a row double it.
 */
export class LogRanges {
  private blocks = FIRST_BLOCKS;
  private calm = 0;

  /** The blocks from `next` down to `lowest`, as many as are asked for at once. */
  below(next: number, lowest: number): BlockRange {
    return { from: Math.max(lowest, next - this.blocks + 1), to: next };
  }

  answered(): void {
    this.calm += 1;
    if (this.calm < CALM_ANSWERS) return;
    this.calm = 0;
    this.blocks = Math.min(MAX_BLOCKS, this.blocks * 2);
  }

  isTooMuch({ kind, details }: NodeError): boolean {
    return kind === 'refused' || (kind === 'away' && TOO_MUCH.includes(details.reason));
  }

  failed({ from, to }: BlockRange): void {
    this.calm = 0;
    this.blocks = Math.max(1, Math.floor((to - from + 1) / 2));
  }
}

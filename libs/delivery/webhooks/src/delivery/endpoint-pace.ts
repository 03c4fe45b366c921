import { MINUTE, SECOND } from '@countersign/clock';
import type { Judgement } from './judge-attempt';

/** Attempts at the same time. */
export const MAX_IN_FLIGHT = 32;

/** Attempts without an answer in a row after which the endpoint is paused. */
const SILENT_IN_ROW = 5;
const MIN_PAUSE_MS = 5 * SECOND;
const MAX_PAUSE_MS = 5 * MINUTE;

/** From so many refusals in a row on, attempts are made one by one with a gap. */
const REFUSED_IN_ROW = 20;
const GAP_MS = 100;

/**
 * How many attempts an endpoint gets at the same time, and when it is paused. Their number halves with each failure down
 * to one, and grows by one with each success. Pauses are as long as the endpoint has been failing, from five seconds to five minutes.
 */
export class EndpointPace {
  private limit = MAX_IN_FLIGHT;
  private silentInRow = 0;
  private failedInRow = 0;
  private failingSince: Date | null = null;

  /** How many attempts it gets at the same time. */
  get inFlight(): number {
    return this.limit;
  }

  /** Whether attempts fail, as far as this replica knows. */
  get isFailing(): boolean {
    return this.failingSince !== null;
  }

  /** Milliseconds between attempts. */
  get gapMs(): number {
    return this.failedInRow > REFUSED_IN_ROW ? GAP_MS : 0;
  }

  /**
   * What a claim has read: other replicas may have seen failures. One attempt shows whether it still fails.
   * @param isCurrent whether everything that this replica has seen was recorded before. Then another replica, or an
   * operator, has ended the failures, and the next one begins anew.
   */
  learn(failingSince: Date | null, isCurrent: boolean): void {
    if (failingSince === null && isCurrent) this.failingSince = null;
    if (failingSince === null || this.failingSince !== null) return;
    this.failingSince = failingSince;
    this.limit = 1;
    this.silentInRow = SILENT_IN_ROW - 1;
  }

  /** @returns for how many milliseconds the endpoint is to be paused, or null */
  note({ endpoint, retryAfterSeconds }: Judgement, now: Date): number | null {
    if (endpoint === 'well') {
      this.limit = Math.min(MAX_IN_FLIGHT, this.limit + 1);
      this.silentInRow = 0;
      this.failedInRow = 0;
      this.failingSince = null;
      return null;
    }
    this.limit = Math.max(1, Math.floor(this.limit / 2));
    if (endpoint === 'unknown') return null;
    this.failedInRow += 1;
    this.silentInRow = endpoint === 'silent' ? this.silentInRow + 1 : 0;
    this.failingSince ??= now;
    if (endpoint === 'throttled') return this.pause(now, (retryAfterSeconds ?? 0) * SECOND);
    return this.silentInRow >= SILENT_IN_ROW ? this.pause(now, 0) : null;
  }

  private pause(now: Date, askedMs: number): number {
    this.limit = 1;
    const failingMs = now.getTime() - (this.failingSince ?? now).getTime();
    const ownMs = Math.max(MIN_PAUSE_MS, Math.min(failingMs, MAX_PAUSE_MS));
    return askedMs > 0 ? askedMs : ownMs;
  }
}

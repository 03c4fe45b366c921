import { randomInt } from 'node:crypto';
import type { NodeError, NodeErrorKind } from '../node-error';

export interface NodeState {
  readonly state: 'unknown' | 'up' | Exclude<NodeErrorKind, 'refused'>;
  /** A short code, such as `status_502`. `null` for a node that is up, or was not asked yet. */
  readonly reason: string | null;
  /** Since when, by the clock of the process. */
  readonly since: Date | null;
}

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;
/** A proxy that mixed chains up once may be the only node. */
const LYING_PAUSE_MS = 10_000;
const MAX_RETRY_AFTER_MS = 300_000;

/** What is known of a node: how it last answered, and until when others are asked first. */
export class NodeHealth {
  private current: NodeState = { state: 'unknown', reason: null, since: null };
  private failures = 0;
  private othersUntil = 0;

  constructor(
    private readonly now: () => Date,
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  get state(): NodeState {
    return this.current;
  }

  /** Whether other nodes are to be asked first. */
  get isPaused(): boolean {
    return this.monotonic() < this.othersUntil;
  }

  /** Milliseconds that are left of the pause. */
  get pauseMs(): number {
    return Math.max(0, Math.ceil(this.othersUntil - this.monotonic()));
  }

  answered(): void {
    this.failures = 0;
    this.othersUntil = 0;
    this.enter('up', null);
  }

  /** A node that refuses a request is up. */
  failed({ kind, details }: NodeError): void {
    if (kind === 'refused') return this.answered();
    this.failures += 1;
    const doubling = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.failures - 1, 10));
    const asked = Math.min(details.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
    // Replicas that failed together do not come back together.
    const pause = kind === 'lying' ? LYING_PAUSE_MS : Math.max(asked, (doubling * randomInt(75, 126)) / 100);
    this.othersUntil = Math.max(this.othersUntil, this.monotonic() + pause);
    this.enter(kind, details.reason);
  }

  private enter(state: NodeState['state'], reason: string | null): void {
    if (this.current.state === state && this.current.reason === reason) return;
    const since = this.current.state === state ? this.current.since : this.now();
    this.current = { state, reason, since };
  }
}

import { randomInt } from 'node:crypto';
import { setTimeout as waitFor } from 'node:timers/promises';
import { SECOND } from '@countersign/runtime';
import { parseRetryAfter } from '@countersign/webhook-sender';
import { NodeError, type NodeErrorKind } from '../node-error';
import type { Chain } from '../chain';
import type { Endpoint } from '../registry/read-chains';
import { HttpPoster, type HttpQuestion } from './http-poster';
import { readJsonAnswer, type RequestLimits } from './json-rpc';

export interface NodeState {
  readonly state: 'unknown' | 'up' | Exclude<NodeErrorKind, 'refused'>;
  /** A short code, such as `status_502`; `null` for a node that is up or was not asked yet. */
  readonly reason: string | null;
}

const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;
/** The pause stays short: a proxy that mixed chains up once may be the only node. */
const LYING_PAUSE_MS = 10_000;
const MAX_RETRY_AFTER_MS = 300_000;

/** Stores how a node last answered, and until when other nodes are asked first. */
export class NodeHealth {
  private current: NodeState = { state: 'unknown', reason: null };
  private failures = 0;
  private othersUntil = 0;

  constructor(private readonly monotonic: () => number = () => performance.now()) {}

  get state(): NodeState {
    return this.current;
  }

  /** Whether other nodes are asked first. */
  get isPaused(): boolean {
    return this.monotonic() < this.othersUntil;
  }

  get pauseMs(): number {
    return Math.max(0, Math.ceil(this.othersUntil - this.monotonic()));
  }

  answered(): void {
    this.failures = 0;
    this.othersUntil = 0;
    this.current = { state: 'up', reason: null };
  }

  /** A node that refuses a request is up. */
  failed({ kind, details }: NodeError): void {
    if (kind === 'refused') return this.answered();
    this.failures += 1;
    const doubling = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.failures - 1, 10));
    const asked = Math.min(details.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
    // The jitter keeps replicas that failed together from coming back together.
    const pause = kind === 'lying' ? LYING_PAUSE_MS : Math.max(asked, (doubling * randomInt(75, 126)) / 100);
    this.othersUntil = Math.max(this.othersUntil, this.monotonic() + pause);
    this.current = { state: kind, reason: details.reason };
  }
}

const MAX_BYTES = 16 * 1_048_576;

export interface ChainServiceOptions extends Endpoint {
  readonly chain: Chain;
  /** 0 for the first URL of the chain. */
  readonly index: number;
  readonly timeLimitMs: number;
  readonly now: () => Date;
}

/** A node or indexer at one URL, paced and bounded. It must prove its chain first, and again after a disconnect. */
export abstract class ChainService {
  readonly chain: Chain;
  readonly index: number;
  private readonly health = new NodeHealth();
  private readonly poster: HttpPoster;
  /** From this time of the monotonic clock on, a full second's requests are free at once. */
  private freeAt = 0;
  private identity: Promise<void> | null = null;

  constructor(private readonly options: ChainServiceOptions) {
    this.chain = options.chain;
    this.index = options.index;
    this.poster = new HttpPoster(new URL(options.url), () => (this.identity = null), options.apiKey);
  }

  get state(): NodeState {
    return this.health.state;
  }

  get isPaused(): boolean {
    return this.health.isPaused;
  }

  /** Marks the service as lying, because a caller found that an answer cannot be true. */
  lied(reason: string): NodeError {
    const error = new NodeError('lying', { reason });
    this.failed(error);
    return error;
  }

  failed(error: NodeError): void {
    this.health.failed(error);
    if (error.kind === 'away' || error.kind === 'lying') this.identity = null;
  }

  close(): Promise<void> {
    return this.poster.close();
  }

  protected abstract identify(limits: RequestLimits): Promise<void>;

  /** Parallel calls wait for the same answer. */
  protected known({ timeLimitMs }: RequestLimits = {}): Promise<void> {
    if (this.state.state === 'lying' && this.isPaused)
      return Promise.reject(new NodeError('lying', { reason: this.state.reason ?? 'paused' }));
    if (this.identity) return this.identity;
    const asking = this.identify({ timeLimitMs });
    this.identity = asking;
    asking.catch(() => {
      if (this.identity === asking) this.identity = null;
    });
    return asking;
  }

  /**
   * Sends one HTTP request and reads its answer.
   * @param cost the number of requests that it counts as
   * @param readJson reads the JSON by status
   */
  protected async exchange<T>(
    question: HttpQuestion,
    cost: number,
    limits: RequestLimits,
    read: (answer: unknown) => T,
    readJson = readJsonAnswer,
  ): Promise<T> {
    const { maxBytes = MAX_BYTES, timeLimitMs: wantedMs = Infinity } = limits;
    const deadline = performance.now() + Math.min(wantedMs, this.options.timeLimitMs);
    await this.takeTurn(cost, deadline);
    try {
      const timeLimitMs = Math.max(1, deadline - performance.now());
      const { status, retryAfter, body } = await this.poster.ask(question, { maxBytes, timeLimitMs });
      const seconds = retryAfter === null ? null : parseRetryAfter(retryAfter, this.options.now());
      const result = read(readJson(status, seconds === null ? null : seconds * SECOND, body));
      this.health.answered();
      return result;
    } catch (error) {
      if (error instanceof NodeError) this.failed(error);
      throw error;
    }
  }

  /** A token bucket in the order of the calls. A cost above its size makes later requests wait longer. */
  private async takeTurn(cost: number, deadline: number): Promise<void> {
    this.assertUnlimited();
    const now = performance.now();
    const costMs = (cost * SECOND) / this.options.requestsPerSecond;
    const freeAt = Math.max(this.freeAt, now);
    const waitMs = Math.max(0, freeAt - now + costMs - Math.max(SECOND, costMs));
    const leftMs = Math.max(0, deadline - now);
    if (waitMs > leftMs) throw new NodeError('limited', { reason: 'own_limit', retryAfterMs: leftMs });
    this.freeAt = freeAt + costMs;
    if (waitMs === 0) return;
    await waitFor(waitMs, undefined, { ref: false });
    this.assertUnlimited();
  }

  /** A service that asked for fewer requests gets none until its pause ends. */
  private assertUnlimited(): void {
    const { health } = this;
    if (health.isPaused && health.state.state === 'limited')
      throw new NodeError('limited', { reason: 'paused', retryAfterMs: health.pauseMs });
  }
}

import { parseRetryAfter } from '@countersign/webhook-sender';
import type { Chain } from '../chain';
import { NodeError } from '../node-error';
import { HttpPoster, type HttpQuestion } from './http-poster';
import {
  readBatch,
  readJsonAnswer,
  readOne,
  type RequestLimits,
  type RpcAnswer,
  type RpcCall,
} from './json-rpc';
import { NodeHealth } from './node-health';
import { RequestPace, type Urgency } from './request-pace';

const MAX_BYTES = 16 * 1_048_576;
const SECOND_MS = 1_000;

export interface RpcNodeOptions {
  readonly chain: Chain;
  /** 0 for the first URL of the chain. */
  readonly index: number;
  readonly url: URL;
  readonly apiKey?: string | null;
  /** In milliseconds, for one request. */
  readonly timeLimitMs: number;
  readonly requestsPerSecond: number;
  readonly now: () => Date;
  /** How each exchange ended. */
  readonly count: (outcome: string) => void;
}

/** Requests to one URL: paced, bounded, counted. Which chain the node is of is not checked here. */
export class RpcNode {
  readonly chain: Chain;
  readonly index: number;
  readonly health: NodeHealth;
  private readonly poster: HttpPoster;
  private readonly pace: RequestPace;
  private nextId = 1;
  private takesBatches = true;

  /** @param onGone when a connection ends, or the node does not answer: its network has to be checked again. */
  constructor(
    private readonly options: RpcNodeOptions,
    private readonly onGone: () => void = () => undefined,
  ) {
    this.chain = options.chain;
    this.index = options.index;
    this.health = new NodeHealth(options.now);
    this.pace = new RequestPace(options.requestsPerSecond);
    this.poster = new HttpPoster(options.url, onGone, options.apiKey);
  }

  /** @throws NodeError */
  async request(method: string, params: readonly unknown[], limits: RequestLimits = {}): Promise<unknown> {
    const id = this.nextId++;
    return this.exchange({ jsonrpc: '2.0', id, method, params }, 1, limits, (answer) => {
      const read = readOne(answer, id);
      if (!read.ok) throw read.error;
      return read.result;
    });
  }

  /** @throws NodeError when there is no answer at all */
  async batch(calls: readonly RpcCall[], limits: RequestLimits = {}): Promise<readonly RpcAnswer[]> {
    if (calls.length === 0) return [];
    if (calls.length === 1 || !this.takesBatches) return this.each(calls, limits);
    const firstId = this.nextId;
    this.nextId += calls.length;
    const body = calls.map(({ method, params }, index) => ({
      jsonrpc: '2.0',
      id: firstId + index,
      method,
      params,
    }));
    try {
      const answers = await this.exchange(body, calls.length, limits, (answer) =>
        readBatch(answer, firstId, calls.length),
      );
      const limited = answers.find((answer) => !answer.ok && answer.error.kind === 'limited');
      if (limited?.ok === false) this.health.failed(limited.error);
      return answers;
    } catch (error) {
      if (!(error instanceof NodeError) || error.kind !== 'refused') throw error;
      const answers = await this.each(calls, limits);
      // The node answers the calls one by one: it takes no such batches.
      if (answers.some(({ ok }) => ok)) this.takesBatches = false;
      return answers;
    }
  }

  /**
   * Posts a body that differs from JSON-RPC, as that of toncenter does.
   * @throws NodeError, that of `read` included
   */
  exchange<T>(
    body: unknown,
    cost: number,
    limits: RequestLimits,
    read: (answer: unknown) => T,
    readJson = readJsonAnswer,
  ): Promise<T> {
    return this.ask({ body: JSON.stringify(body) }, cost, limits, read, readJson);
  }

  /**
   * One HTTP request, and how its answer is read.
   * @param readJson reads the JSON by status
   * @throws NodeError, that of `read` included
   */
  async ask<T>(
    question: HttpQuestion,
    cost: number,
    limits: RequestLimits,
    read: (answer: unknown) => T,
    readJson = readJsonAnswer,
  ): Promise<T> {
    const { maxBytes = MAX_BYTES, timeLimitMs: wantedMs = Infinity } = limits;
    const timeLimitMs = Math.min(wantedMs, this.options.timeLimitMs);
    const deadline = performance.now() + timeLimitMs;
    await this.takeTurn(cost, deadline, limits.urgency);
    try {
      const left = Math.max(1, deadline - performance.now());
      const {
        status,
        retryAfter,
        body: text,
      } = await this.poster.ask(question, {
        maxBytes,
        timeLimitMs: left,
      });
      const seconds = retryAfter === null ? null : parseRetryAfter(retryAfter, this.options.now());
      const result = read(readJson(status, seconds === null ? null : seconds * SECOND_MS, text));
      this.health.answered();
      this.options.count('answered');
      return result;
    } catch (error) {
      if (error instanceof NodeError) this.failed(error);
      throw error;
    }
  }

  /** Records a fault that a caller found in the node's answer. */
  failed(error: NodeError): void {
    this.health.failed(error);
    this.options.count(error.kind);
    if (error.kind === 'away' || error.kind === 'lying') this.onGone();
  }

  close(): Promise<void> {
    return this.poster.close();
  }

  private async takeTurn(cost: number, deadline: number, urgency?: Urgency): Promise<void> {
    this.assertUnlimited();
    const leftMs = Math.max(0, deadline - performance.now());
    if (!(await this.pace.take(cost, leftMs, urgency)))
      throw new NodeError('limited', { reason: 'own_limit', retryAfterMs: leftMs });
    this.assertUnlimited();
  }

  /** A node that asked for fewer requests gets none until then. */
  private assertUnlimited(): void {
    const { health } = this;
    if (health.isPaused && health.state.state === 'limited')
      throw new NodeError('limited', { reason: 'paused', retryAfterMs: health.pauseMs });
  }

  private async each(calls: readonly RpcCall[], limits: RequestLimits): Promise<readonly RpcAnswer[]> {
    const answers = await Promise.all(
      calls.map(async ({ method, params }): Promise<RpcAnswer> => {
        try {
          return { ok: true, result: await this.request(method, params, limits) };
        } catch (error) {
          if (error instanceof NodeError) return { ok: false, error };
          throw error;
        }
      }),
    );
    const [first] = answers;
    const isAnswered = answers.some((answer) => answer.ok || answer.error.kind === 'refused');
    if (first?.ok === false && !isAnswered) throw first.error;
    return answers;
  }
}

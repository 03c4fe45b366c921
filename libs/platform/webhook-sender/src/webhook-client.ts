import { type Clock, SECOND } from '@countersign/clock';
import type { AllowedTarget } from '@countersign/config';
import type { Dispatcher } from 'undici';
import requestOn from 'undici/lib/api/api-request.js';
import { checkUrl, type CheckedUrl } from './check-url';
import { type Connection, ConnectionPool, type PoolLimits } from './connection-pool';
import { NameLookups, type NameLookupLimits, type ResolveName } from './name-lookup';
import { parseRetryAfter } from './retry-after';
import { failureOf, SendError } from './send-error';
import type { SendFailure, SendResult } from './send-result';

const MAX_ANSWER_BYTES = 65_536;
const USER_AGENT = 'Countersign-Webhooks/1';

/** Set here, or by the protocol. */
const RESERVED_HEADERS =
  /^(?:host|content-type|content-length|transfer-encoding|connection|expect|upgrade|keep-alive|te|trailer|user-agent|proxy-.*)$/i;

interface WebhookClientLimits extends PoolLimits, NameLookupLimits {
  /** From the call of `send` to its result. */
  readonly deadlineMs: number;
}

const LIMITS: WebhookClientLimits = {
  deadlineMs: 15 * SECOND,
  connectionsPerOrigin: 16,
  origins: 256,
  idleMs: 4 * SECOND,
  lookupMs: 5 * SECOND,
  dnsLookups: 128,
  systemLookups: 2,
};

export interface WebhookClientOptions {
  readonly clock: Clock;
  /** Factor for the time limits: `PATIENCE`. */
  readonly patience?: number;
  readonly limits?: Partial<WebhookClientLimits>;
  /** Replaces the DNS, for tests. */
  readonly resolve?: ResolveName;
  /** PEM, replaces those of Node and of NODE_EXTRA_CA_CERTS. */
  readonly certificateAuthorities?: string;
}

interface WebhookRequest {
  readonly url: string;
  /** Those of `signWebhook`. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, exactly as it was signed. */
  readonly body: string;
  /** `Configuration.webhookAllowedTargets`: connections are used again under the same array only. */
  readonly allowed: readonly AllowedTarget[];
}

/**
 * Posts webhooks to receivers that are not trusted. It calls no address inside of the network, follows no redirect,
 * reads no proxy variable, and gives up after 15 seconds.
 */
export class WebhookClient {
  private readonly clock: Clock;
  private readonly deadlineMs: number;
  private readonly names: NameLookups;
  private readonly pool: ConnectionPool;
  private readonly running = new Map<AbortController, Promise<SendResult>>();
  private isClosed = false;

  constructor({ clock, patience = 1, limits, resolve, certificateAuthorities }: WebhookClientOptions) {
    const { deadlineMs, lookupMs, ...rest } = { ...LIMITS, ...limits };
    this.clock = clock;
    this.deadlineMs = deadlineMs * patience;
    this.names = new NameLookups({ ...rest, lookupMs: lookupMs * patience }, resolve);
    this.pool = new ConnectionPool({
      ...rest,
      names: this.names,
      certificateAuthorities: certificateAuthorities ?? null,
    });
  }

  /**
   * One attempt. At least once: a request that a kept connection refuses is sent again on a new one, so that a
   * receiver can get it twice.
   *
   * A status counts as soon as it is here: an answer whose body is long, slow or cut off is `answered`.
   * @throws RangeError for a header that is set here, TypeError or undici's InvalidArgumentError for one that is not
   * valid. Never for what the receiver or the network does.
   */
  async send(request: WebhookRequest): Promise<SendResult> {
    const reserved = Object.keys(request.headers).find((name) => RESERVED_HEADERS.test(name));
    if (reserved !== undefined) throw new RangeError(`the header ${reserved} is not for callers`);
    const controller = new AbortController();
    const result = this.attempt(request, controller);
    this.running.set(controller, result);
    try {
      return await result;
    } finally {
      this.running.delete(controller);
    }
  }

  /** Ends what is running as `closed`, and closes all connections. Later calls of `send` give `closed` too. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const controller of this.running.keys()) controller.abort(new SendError('closed'));
    this.names.close();
    await Promise.allSettled(this.running.values());
    this.pool.close();
  }

  private async attempt(request: WebhookRequest, controller: AbortController): Promise<SendResult> {
    const startedAt = performance.now();
    const durationMs = (): number => Math.round(performance.now() - startedAt);
    const failed = (reason: SendFailure): SendResult => ({
      kind: 'failed',
      reason,
      durationMs: durationMs(),
    });
    if (this.isClosed) return failed('closed');
    const url = checkUrl(request.url, request.allowed);
    if (!url.ok) return failed('refused_url');
    const timer = setTimeout(() => controller.abort(new SendError('timeout')), this.deadlineMs);
    try {
      const { status, retryAfter } = await this.post(url.value, request, controller.signal);
      const retryAfterSeconds = retryAfter === null ? null : parseRetryAfter(retryAfter, this.clock.now());
      return { kind: 'answered', status, retryAfterSeconds, durationMs: durationMs() };
    } catch (error) {
      const { signal } = controller;
      const isBusy = error instanceof SendError && error.reason === 'busy';
      return failed(failureOf(signal.aborted && !isBusy ? signal.reason : error));
    } finally {
      clearTimeout(timer);
    }
  }

  private async post(url: CheckedUrl, request: WebhookRequest, signal: AbortSignal): Promise<Answer> {
    const connection = await this.acquire(url, request, signal);
    const { isReused } = connection;
    try {
      return await this.postOn(connection, url, request, signal);
    } catch (error) {
      if (!isReused || signal.aborted || failureOf(error) !== 'reset') throw error;
    }
    this.pool.destroyIdle(url.origin);
    return this.postOn(await this.acquire(url, request, signal), url, request, signal);
  }

  private async acquire(
    { origin }: CheckedUrl,
    { allowed }: WebhookRequest,
    signal: AbortSignal,
  ): Promise<Connection> {
    return this.pool.acquire(origin, allowed, signal).catch((error: unknown) => {
      throw error instanceof SendError && error.reason === 'timeout' ? new SendError('busy') : error;
    });
  }

  private async postOn(
    connection: Connection,
    { path }: CheckedUrl,
    { headers, body }: WebhookRequest,
    signal: AbortSignal,
  ): Promise<Answer> {
    let isReusable = false;
    // A signal of undici's own would not end a request that waits for its connection.
    const abandon = (): void => connection.destroy();
    signal.addEventListener('abort', abandon, { once: true });
    try {
      const answer = await requestOn.call(connection.client, {
        method: 'POST',
        path,
        headers: { ...headers, 'content-type': 'application/json', 'user-agent': USER_AGENT },
        body,
      });
      isReusable = await isReadToEnd(answer.body);
      const { 'retry-after': retryAfter = null } = answer.headers;
      return {
        status: answer.statusCode,
        retryAfter: Array.isArray(retryAfter) ? (retryAfter[0] ?? null) : retryAfter,
      };
    } finally {
      signal.removeEventListener('abort', abandon);
      this.pool.release(connection, isReusable);
    }
  }
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
}

/** False when the body is longer than 64 KiB, or does not end: its connection cannot be used again. */
async function isReadToEnd(body: Dispatcher.ResponseData['body']): Promise<boolean> {
  let length = 0;
  try {
    for await (const chunk of body) {
      length += (chunk as Buffer).length;
      if (length > MAX_ANSWER_BYTES) return false;
    }
    return true;
  } catch {
    return false;
  }
}

import { type AllowedTarget, type Clock, SECOND } from '@countersign/runtime';
import { Agent, Pool, type Dispatcher } from 'undici';
import { checkUrl, type CheckedUrl } from './check-url';
import { checkedLookup, type ResolveName } from './checked-lookup';
import { parseRetryAfter } from './retry-schedule';
import { failureOf, SendError, type SendFailure, type SendResult } from './send-result';

const MAX_ANSWER_BYTES = 65_536;
const MAX_HEADER_BYTES = 16_384;
/** The longest idle time of a connection, if the receiver names a time in `Keep-Alive`. */
const MAX_IDLE_MS = 30_000;
/** If an address of a name does not answer, the next one is tried after this time. */
const NEXT_ADDRESS_MS = 1_000;
const USER_AGENT = 'Countersign-Webhooks/1';

const LIMITS = {
  /** The time from the call of `send` to its result. */
  deadlineMs: 15 * SECOND,
  /** A receiver that does not answer uses up only the connections of its own origin. */
  connectionsPerOrigin: 16,
  idleMs: 4 * SECOND,
};

export interface WebhookClientOptions {
  readonly clock: Clock;
  /** Receivers in the operator's network, from `Configuration.webhookAllowedTargets`. */
  readonly allowed: readonly AllowedTarget[];
  readonly limits?: Partial<typeof LIMITS>;
  /** Tests replace the DNS with it. */
  readonly resolve?: ResolveName;
  /** In PEM. It replaces the certificates of Node and of NODE_EXTRA_CA_CERTS. */
  readonly certificateAuthorities?: string;
}

interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType?: string;
  /** The exact text that was signed. */
  readonly body: string;
}

/** Calls no internal address, follows no redirect, reads no proxy variable, and gives up after 15 seconds. */
export class WebhookClient {
  private readonly deadlineMs: number;
  private readonly connectionsPerOrigin: number;
  private readonly agent: Agent;
  private readonly running = new Map<string, Set<AbortController>>();
  private isClosed = false;

  constructor(private readonly options: WebhookClientOptions) {
    const { allowed, limits, resolve, certificateAuthorities: ca } = options;
    const { deadlineMs, connectionsPerOrigin, idleMs } = { ...LIMITS, ...limits };
    this.deadlineMs = deadlineMs;
    this.connectionsPerOrigin = connectionsPerOrigin;
    this.agent = new Agent({
      connections: connectionsPerOrigin,
      pipelining: 1,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: idleMs,
      keepAliveMaxTimeout: MAX_IDLE_MS,
      // The deadline of the attempt covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
      // Each origin has its own pool, because the port also decides which addresses are allowed.
      factory: (origin, settings) => {
        const { port, protocol } = new URL(origin);
        const connect = {
          lookup: checkedLookup(Number(port || (protocol === 'https:' ? 443 : 80)), allowed, resolve),
          autoSelectFamily: true,
          autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
          timeout: this.deadlineMs,
          // A resumed session would skip the check of the certificate's name.
          maxCachedSessions: 0,
          rejectUnauthorized: true,
          ...(ca === undefined ? {} : { ca }),
        };
        return new Pool(origin, { ...settings, allowH2: false, connect });
      },
    });
  }

  /**
   * The status counts as soon as it arrives: an answer with a long, slow or incomplete body is `answered`.
   * @throws TypeError or undici's InvalidArgumentError for an invalid header, never for an act of the receiver or the
   * network
   */
  async send(request: WebhookRequest): Promise<SendResult> {
    const failed = (reason: SendFailure): SendResult => ({ kind: 'failed', reason });
    if (this.isClosed) return failed('closed');
    const url = checkUrl(request.url, this.options.allowed);
    if (!url.ok) return failed('refused_url');
    const { origin } = url.value;
    const ofOrigin = this.running.get(origin) ?? new Set();
    if (ofOrigin.size >= this.connectionsPerOrigin) return failed('busy');
    const controller = new AbortController();
    this.running.set(origin, ofOrigin.add(controller));
    const timer = setTimeout(() => controller.abort(new SendError('timeout')), this.deadlineMs);
    try {
      const { status, retryAfter } = await this.post(url.value, request, controller.signal);
      const now = this.options.clock.now();
      const retryAfterSeconds = retryAfter === null ? null : parseRetryAfter(retryAfter, now);
      return { kind: 'answered', status, retryAfterSeconds };
    } catch (error) {
      return failed(failureOf(controller.signal.aborted ? controller.signal.reason : error));
    } finally {
      clearTimeout(timer);
      ofOrigin.delete(controller);
      if (ofOrigin.size === 0) this.running.delete(origin);
    }
  }

  /** Running attempts fail as `closed`, and all connections are closed. Later calls of `send` return `closed` too. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const controllers of this.running.values())
      for (const controller of controllers) controller.abort(new SendError('closed'));
    await this.agent.destroy();
  }

  private async post(
    { origin, path }: CheckedUrl,
    { headers, contentType = 'application/json', body }: WebhookRequest,
    signal: AbortSignal,
  ): Promise<{ readonly status: number; readonly retryAfter: string | null }> {
    const asking = this.agent.request({
      origin,
      method: 'POST',
      path,
      headers: { ...headers, 'content-type': contentType, 'user-agent': USER_AGENT },
      body,
      signal,
    });
    // undici notices the signal only when the request has a connection. It does not send the request then.
    const answer = await Promise.race([asking, rejection(signal)]);
    await readToEnd(answer.body);
    const { 'retry-after': retryAfter = null } = answer.headers;
    return {
      status: answer.statusCode,
      retryAfter: Array.isArray(retryAfter) ? (retryAfter[0] ?? null) : retryAfter,
    };
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** A connection is not reused after a body that is longer than 64 KiB or does not end. */
async function readToEnd(body: Dispatcher.ResponseData['body']): Promise<void> {
  let length = 0;
  try {
    for await (const chunk of body) {
      length += (chunk as Buffer).length;
      if (length > MAX_ANSWER_BYTES) return;
    }
  } catch {
    // The status counts.
  }
}

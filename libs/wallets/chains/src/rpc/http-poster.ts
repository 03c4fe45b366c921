import { Pool, type Dispatcher } from 'undici';
import { NodeError } from '../node-error';

const CONNECTIONS = 8;
const IDLE_MS = 60_000;
const CLOSED = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
const USER_AGENT = 'Countersign/1';

/** `path` is appended to the URL's path. A request without a body is a GET. */
export interface HttpQuestion {
  readonly path?: string;
  readonly query?: URLSearchParams;
  /** Sent as JSON. */
  readonly body?: unknown;
}

interface PostLimits {
  readonly maxBytes: number;
  readonly timeLimitMs: number;
}

interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: string;
}

/** Asks one URL of the operator. It follows no redirect, reads no proxy variable and limits the answer's size. */
export class HttpPoster {
  private readonly pool: Pool;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly url: URL,
    onDisconnect: () => void,
    apiKey?: string,
  ) {
    this.headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': USER_AGENT,
      ...authorizationOf(url),
      ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
    };
    this.pool = new Pool(url.origin, {
      connections: CONNECTIONS,
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      // One timeout limits the whole request.
      connect: { timeout: 0, rejectUnauthorized: true },
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.pool.on('disconnect', onDisconnect);
  }

  async ask(question: HttpQuestion, { maxBytes, timeLimitMs }: PostLimits): Promise<HttpAnswer> {
    const signal = AbortSignal.timeout(Math.ceil(timeLimitMs));
    try {
      return await this.exchangeAgain(question, maxBytes, signal);
    } catch (error) {
      if (error instanceof NodeError) throw error;
      const reason = signal.aborted ? 'time_limit' : reasonOf(error);
      throw new NodeError('away', { reason, cause: error });
    }
  }

  /** Running requests fail as `away`. */
  close(): Promise<void> {
    return this.pool.destroy();
  }

  /** Repeats the request once, because a node may close an idle connection while the request is on its way. */
  private async exchangeAgain(
    question: HttpQuestion,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    try {
      return await this.exchange(question, maxBytes, signal);
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      if (signal.aborted || typeof code !== 'string' || !CLOSED.has(code)) throw error;
    }
    return this.exchange(question, maxBytes, signal);
  }

  private async exchange(
    { path = '', query, body }: HttpQuestion,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const { pathname, search, searchParams } = this.url;
    // The URL's query may contain a key.
    const asked = query ? `?${new URLSearchParams([...searchParams, ...query]).toString()}` : search;
    const answer = await this.pool.request({
      method: body === undefined ? 'GET' : 'POST',
      path: `${path === '' ? pathname : pathname.replace(/\/$/, '')}${path}${asked}`,
      headers: this.headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    const { 'retry-after': retryAfter = null } = answer.headers;
    return {
      status: answer.statusCode,
      retryAfter: Array.isArray(retryAfter) ? (retryAfter[0] ?? null) : retryAfter,
      body: await readBody(answer.body, maxBytes),
    };
  }
}

async function readBody(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop ends the connection.
  for await (const chunk of body) {
    length += (chunk as Buffer).length;
    if (length > maxBytes) throw new NodeError('away', { reason: 'answer_too_large' });
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks, length).toString('utf8');
}

function authorizationOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** Returns a code of Node.js in lower case, such as `econnrefused`. */
function reasonOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code.toLowerCase() : 'connection';
}

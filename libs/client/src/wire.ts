import type { Schemas } from './api.js';
import { CountersignError, hasCode, isCountersignError, problemIn } from './problem.js';
import type { CountersignOptions, DeviceKey } from './types.js';

type SignInResponse = Schemas['SignInResponse'];

/** The first attempt gives up early enough for a second one to be answered alike. */
const FIRST_MS = 4000;
const LAST_MS = 30_000;

/** An access token, as it is sent. */
export type Token = Pick<SignInResponse, 'tokenType' | 'accessToken'>;

/** What goes over the network. */
export interface Wire {
  /** Sends a request with a token, or with neither; `key` proves a bound one. */
  send(request: Request, token: Token | null, key: DeviceKey | null): Promise<Response>;
  /**
   * Posts to the service, and returns the JSON of the answer. @throws CountersignError of its answer; `local.unreachable` without one
   * @param repeats once more when no answer came: only for what the service answers twice alike
   */
  post(path: string, body: object, key: DeviceKey | null, repeats?: boolean): Promise<unknown>;
}

export function wireOf({ api, fetch = (request) => globalThis.fetch(request) }: CountersignOptions): Wire {
  function send(request: Request, token: Token | null, key: DeviceKey | null): Promise<Response> {
    if (token) request.headers.set('Authorization', `${token.tokenType} ${token.accessToken}`);
    return key ? key.send(request, token?.accessToken ?? null, fetch) : fetch(request);
  }

  function attempt(path: string, body: object, key: DeviceKey | null, limitMs: number): Promise<unknown> {
    const request = requestOf(addressOf(api, path), 'POST', body, limit(limitMs));
    return bodyOf(send(request, null, key));
  }

  return {
    send,
    async post(path, body, key, repeats) {
      if (repeats)
        try {
          return await attempt(path, body, key, FIRST_MS);
        } catch (error) {
          if (!hasCode(error, 'local.unreachable')) throw error;
        }
      return attempt(path, body, key, LAST_MS);
    },
  };
}

/**
 * The JSON of an answer; `undefined` where it is empty.
 * @throws CountersignError of the answer; `local.unreachable` where it, or its end, did not come
 */
export async function bodyOf(answering: Promise<Response>): Promise<unknown> {
  try {
    const answer = await answering;
    if (!answer.ok) throw await problemIn(answer);
    const text = await answer.text();
    return text ? (JSON.parse(text) as unknown) : undefined;
  } catch (cause) {
    throw isCountersignError(cause) || (cause as Error).name === 'AbortError'
      ? cause
      : new CountersignError('local.unreachable', 0, {}, null, cause);
  }
}

export function addressOf(api: string, path: string): string {
  return api.replace(/\/+$/, '') + path;
}

/** A request that follows no redirect. Forms say by themselves what they are. */
export function requestOf(
  address: string,
  method: string,
  body: object | undefined,
  signal: AbortSignal | null | undefined,
  headers?: Readonly<Record<string, string>>,
): Request {
  const isForm = body instanceof URLSearchParams;
  return new Request(address, {
    method,
    redirect: 'error',
    signal: signal ?? null,
    body: isForm ? body : (JSON.stringify(body) ?? null),
    headers: { ...(body && !isForm && { 'Content-Type': 'application/json' }), ...headers },
  });
}

/** Ends a request after so long, where the browser can. */
export function limit(ms: number): AbortSignal | null {
  const { timeout } = AbortSignal as Partial<typeof AbortSignal>;
  return timeout ? AbortSignal.timeout(ms) : null;
}

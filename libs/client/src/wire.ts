import type { Schemas } from './api.js';
import { CountersignError, problemIn } from './problem.js';
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
  post(path: string, body: Body, key: DeviceKey | null, repeats?: boolean): Promise<unknown>;
}

export function wireOf({ api, fetch = (request) => globalThis.fetch(request) }: CountersignOptions): Wire {
  function send(request: Request, token: Token | null, key: DeviceKey | null): Promise<Response> {
    if (token) request.headers.set('Authorization', `${token.tokenType} ${token.accessToken}`);
    return key ? key.send(request, token?.accessToken ?? null, fetch) : fetch(request);
  }

  function attempt(path: string, body: Body, key: DeviceKey | null, limitMs: number): Promise<unknown> {
    const request = requestOf(
      addressOf(api, path),
      'POST',
      body,
      'timeout' in AbortSignal ? AbortSignal.timeout(limitMs) : null,
    );
    return bodyOf(send(request, null, key));
  }

  return {
    send,
    async post(path, body, key, repeats) {
      if (repeats)
        try {
          return await attempt(path, body, key, FIRST_MS);
        } catch (error) {
          if ((error as CountersignError).status) throw error;
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
    throw /^(Countersign|Abort)Error/.test((cause as Error).name)
      ? cause
      : new CountersignError('local.unreachable', 0, {}, null, cause);
  }
}

export function addressOf(api: string, path: string): string {
  return api.replace(/\/$/, '') + path;
}

/** JSON, or a form, which says by itself what it is. */
type Body = string | URLSearchParams;

/** A request that follows no redirect. */
export function requestOf(
  address: string,
  method: string,
  body: Body | null,
  signal: AbortSignal | null,
  headers?: Readonly<Record<string, string>>,
): Request {
  return new Request(address, {
    method,
    redirect: 'error',
    signal,
    body,
    headers: { ...(typeof body === 'string' && { 'Content-Type': 'application/json' }), ...headers },
  });
}

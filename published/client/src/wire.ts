import type { Schemas } from './api.js';
import { CountersignError, problemIn } from './problem.js';
import type { CountersignOptions, DeviceKey, Transport } from './types.js';

type SignInResponse = Schemas['SignInResponse'];

/** The first attempt gives up early enough for a second one to get the same answer. */
const FIRST_MS = 4000;
const LAST_MS = 30_000;
/** The service repeats its answers for 10 seconds. The way takes a part of them. */
const REPEAT_MS = 8000;
const WAY_MS = 2000;

/** Browsers before 2022 have no `AbortSignal.timeout`. */
type OlderAbortSignal = Partial<typeof AbortSignal>;

type Token = Pick<SignInResponse, 'tokenType' | 'accessToken'>;

export interface Wire {
  /** Sends a request, with a token if there is one. `key` proves a bound token. */
  send(
    request: Request,
    token: Token | null,
    key: DeviceKey | null,
    transport?: Transport,
  ): Promise<Response>;
  /**
   * Posts to the service, and returns the JSON of the answer.
   * @param usedAt the time of the first attempt. With it, a request without an answer is sent once more
   * @param repeatMs how long the service repeats its answer to the request
   * @param onLost is called before the second attempt
   * @throws CountersignError of the answer; `local.unreachable` without one
   */
  post(
    path: string,
    body: Body,
    key: DeviceKey | null,
    usedAt?: number | '',
    repeatMs?: number,
    onLost?: () => unknown,
  ): Promise<unknown>;
}

export function wireOf({ api, fetch = (request) => globalThis.fetch(request) }: CountersignOptions): Wire {
  function send(
    request: Request,
    token: Token | null,
    key: DeviceKey | null,
    transport: Transport = fetch,
  ): Promise<Response> {
    if (token) request.headers.set('Authorization', `${token.tokenType} ${token.accessToken}`);
    return key ? key.send(request, token?.accessToken ?? null, transport) : transport(request);
  }

  function attempt(path: string, body: Body, key: DeviceKey | null, limitMs: number): Promise<unknown> {
    const request = requestOf(
      addressOf(api, path),
      'POST',
      body,
      (AbortSignal as OlderAbortSignal).timeout?.(limitMs),
    );
    return bodyOf(send(request, null, key));
  }

  return {
    send,
    async post(path, body, key, usedAt, repeatMs, onLost) {
      if (usedAt)
        try {
          return await attempt(path, body, key, FIRST_MS);
        } catch (error) {
          // A page in sleep learns late that no answer came.
          if ((error as CountersignError).status || !isRepeated(usedAt, repeatMs)) throw error;
          onLost?.();
        }
      return attempt(path, body, key, LAST_MS);
    },
  };
}

/** Whether the service still repeats the answer to a request of that time, by the device's clock. */
export function isRepeated(usedAt: number, repeatMs = REPEAT_MS): boolean {
  return Math.abs(Date.now() - usedAt) <= repeatMs;
}

/**
 * The service repeats its answer to a refresh for the unused lifetime of the lost pair. It repeats it for ten seconds
 * if it cannot see the uses of identity tokens.
 */
export function repeatMsOf({
  expiresIn,
  identityToken,
}: Pick<SignInResponse, 'expiresIn' | 'identityToken'>): number {
  return identityToken === undefined ? Math.max(REPEAT_MS, expiresIn * 1000 - WAY_MS) : REPEAT_MS;
}

/** @throws CountersignError of the answer; `local.unreachable` if it, or its end, did not arrive */
export async function bodyOf(answering: Promise<Response>): Promise<unknown> {
  try {
    const answer = await answering;
    if (!answer.ok) throw await problemIn(answer);
    const text = await answer.text();
    return text ? (JSON.parse(text) as unknown) : undefined;
  } catch (cause) {
    throw /^(Countersign|Abort)/.test((cause as Error).name)
      ? cause
      : new CountersignError('local.unreachable', 0, {}, null, cause);
  }
}

export function addressOf(api: string, path: string): string {
  return api.replace(/\/$/, '') + path;
}

/** JSON text, or a form, which sets its own content type. */
type Body = string | URLSearchParams;

export function requestOf(
  address: string,
  method: string,
  body: Body | null,
  signal: AbortSignal | undefined,
  headers?: Readonly<Record<string, string>>,
): Request {
  return new Request(address, {
    method,
    redirect: 'error',
    signal: signal as AbortSignal,
    body,
    headers: { ...(typeof body === 'string' && { 'Content-Type': 'application/json' }), ...headers },
  });
}

export function base64url(bytes: ArrayBuffer | Uint8Array): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

import { oidcError } from './oidc.errors';

/** Until the last byte of a response, in milliseconds. */
const TIME_LIMIT_MS = 4_000;

/** Telegram's responses have about two thousand. */
const MAX_ANSWER_BYTES = 64 * 1024;

interface ProviderRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: URLSearchParams | undefined;
}

export type ProviderFetch = (url: string, request?: ProviderRequest) => Promise<Response>;

/**
 * A `fetch` with limits to time and size. Redirects are not followed: a request may contain a secret. It
 * rejects with AppError oidc.provider_unavailable.
 */
export function providerFetch(patience = 1): ProviderFetch {
  return async (url, { body = null, ...request } = {}) => {
    const signal = AbortSignal.timeout(TIME_LIMIT_MS * patience);
    try {
      const answer = await fetch(url, { ...request, body, redirect: 'error', signal });
      const { status, headers } = answer;
      if (status === 429 || status >= 500) throw new Error(`the provider answered ${status}`);
      return new Response(await readBounded(answer), { status, headers });
    } catch (cause) {
      throw oidcError('oidc.provider_unavailable', { cause });
    }
  };
}

async function readBounded({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new RangeError('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

import { boundedFetch } from '@countersign/http';
import { oidcError } from './oidc.errors';

const TIME_LIMIT_MS = 4_000;

/** Telegram's responses have about two thousand. */
const MAX_ANSWER_BYTES = 64 * 1024;

interface ProviderRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: URLSearchParams | undefined;
}

export type ProviderFetch = (url: string, request?: ProviderRequest) => Promise<Response>;

/** A bounded `fetch` that rejects with AppError oidc.provider_unavailable. */
export function providerFetch(patience: number): ProviderFetch {
  const limits = { timeLimitMs: TIME_LIMIT_MS * patience, maxBytes: MAX_ANSWER_BYTES };
  return async (url, { body = null, ...request } = {}) => {
    try {
      const answer = await boundedFetch(url, { ...request, body }, limits);
      if (answer.status === 429 || answer.status >= 500)
        throw new Error(`the provider answered ${answer.status}`);
      return answer;
    } catch (cause) {
      throw oidcError('oidc.provider_unavailable', { cause });
    }
  };
}

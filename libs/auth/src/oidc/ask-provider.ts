import { oidcError } from '../auth.errors';

/** Until the last byte of an answer, in milliseconds. */
const TIME_LIMIT_MS = 4_000;

/** In bytes. Telegram's answers have about two thousand. */
const LONGEST_ANSWER = 64 * 1024;

export interface ProviderAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Asks the provider, with limits to time and size. Redirects are not followed: what is sent may hold a secret.
 * @throws AppError oidc.provider_unavailable
 */
export async function askProvider(
  url: string,
  request: RequestInit = {},
  patience = 1,
): Promise<ProviderAnswer> {
  const signal = AbortSignal.timeout(TIME_LIMIT_MS * patience);
  try {
    const answer = await fetch(url, { ...request, redirect: 'error', signal });
    const { status } = answer;
    if (status === 429 || status >= 500) throw new Error(`the provider answered ${status}`);
    return { status, text: await readBounded(answer) };
  } catch (cause) {
    throw oidcError('oidc.provider_unavailable', { cause });
  }
}

async function readBounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > LONGEST_ANSWER) throw new RangeError('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

import type { Policy } from './options';
import { readPublishedKeys, type PublishedKeys } from './published-keys';

export interface KeysAnswer {
  readonly keys: PublishedKeys;
  /** For how long the issuer need not be asked again, in seconds. */
  readonly freshFor: number;
}

/** In bytes. A set of 32 keys has less than ten thousand. */
const LONGEST_ANSWER = 64 * 1024;

/** In seconds. A key is published ten minutes before it signs anything. */
export const FRESH_FOR_AT_LEAST = 60;
export const FRESH_FOR_AT_MOST = 600;

/**
 * Asks the issuer for its keys, with limits to time and size; redirects are not followed.
 * @throws whatever went wrong, and for an answer that is no set of keys
 */
export async function askForKeys(policy: Policy): Promise<KeysAnswer> {
  const signal = AbortSignal.timeout(Math.ceil(policy.timeLimit * 1_000));
  return Promise.race([ask(policy, signal), endOf(signal)]);
}

/** Not left to the `fetch` that was handed in. */
function endOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

async function ask({ jwksUrl, fetch }: Policy, signal: AbortSignal): Promise<KeysAnswer> {
  const headers = { accept: 'application/jwk-set+json, application/json' };
  const answer = await fetch(jwksUrl, { headers, redirect: 'error', signal });
  if (answer.status !== 200) {
    await answer.body?.cancel();
    throw new Error(`the issuer answers ${answer.status} instead of its keys`);
  }
  const document: unknown = JSON.parse(await readBounded(answer));
  return { keys: await readPublishedKeys(document), freshFor: freshnessOf(answer) };
}

async function readBounded({ body }: Response): Promise<string> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > LONGEST_ANSWER) throw new RangeError('the answer of the issuer is too large');
    text += utf8.decode(chunk, { stream: true });
  }
  return text + utf8.decode();
}

function freshnessOf({ headers }: Response): number {
  const seconds = /(?:^|[\s,])max-age="?(\d{1,9})/i.exec(headers.get('cache-control') ?? '')?.[1];
  return Math.min(Math.max(Number(seconds ?? 0), FRESH_FOR_AT_LEAST), FRESH_FOR_AT_MOST);
}

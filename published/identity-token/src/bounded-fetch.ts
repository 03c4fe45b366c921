import type { FetchImplementation } from 'jose';

/** The limit in bytes. A set of 32 keys has less than ten thousand. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Reads the whole response within a size limit, and obeys its signal even if `fetch` ignores it. */
export function boundedFetch(fetch: typeof globalThis.fetch): FetchImplementation {
  return async (url, options) => {
    const { signal } = options;
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
    );
    return Promise.race([fetch(url, options).then(readBounded), aborted]);
  };
}

async function readBounded(answer: Response): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new RangeError('the answer of the issuer is too large');
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status: answer.status });
}

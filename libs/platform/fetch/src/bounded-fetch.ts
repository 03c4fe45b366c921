interface FetchLimits {
  /** The limit for the whole answer, until its last byte. */
  readonly timeLimitMs: number;
  readonly maxBytes: number;
}

/** A `fetch` with limits of time and size. It does not follow redirects, because a request may contain a secret. */
export async function boundedFetch(
  url: string,
  request: RequestInit,
  { timeLimitMs, maxBytes }: FetchLimits,
): Promise<Response> {
  const signal = AbortSignal.timeout(timeLimitMs);
  const answer = await fetch(url, { ...request, redirect: 'error', signal });
  const { status, headers } = answer;
  const bytes = await readBounded(answer, maxBytes, signal);
  // An answer of status 204 must have no body.
  return new Response(bytes.length > 0 ? bytes : null, { status, headers });
}

async function readBounded({ body }: Response, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const reader = (body as ReadableStream<Uint8Array> | null)?.getReader();
  // `fetch` references the signal weakly: after its request is garbage collected, nothing else ends the body.
  signal.addEventListener('abort', () => void reader?.cancel().catch(() => undefined));
  const chunks: Uint8Array[] = [];
  for (let size = 0; ;) {
    const chunk = (await reader?.read())?.value;
    signal.throwIfAborted();
    if (!chunk) return Buffer.concat(chunks);
    size += chunk.length;
    chunks.push(chunk);
    if (size > maxBytes) {
      await reader?.cancel();
      throw new RangeError('the answer is too large');
    }
  }
}

/** A request of this page, and its answer. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  readonly status: number;
  readonly answerHeaders: readonly (readonly [string, string])[];
  readonly answer: string;
  readonly ms: number;
}

type Listener = (exchange: Exchange, section: string) => void;

const listeners = new Set<Listener>();
/** Requests that no action asked for belong to the section of sign-in. */
const BACKGROUND = 'people';
let section = BACKGROUND;
let spoils = false;

export function onExchange(listener: Listener): void {
  listeners.add(listener);
}

/** Requests until the work ends are shown beside this section. */
export async function during<T>(name: string, work: () => Promise<T>): Promise<T> {
  section = name;
  try {
    return await work();
  } finally {
    section = BACKGROUND;
  }
}

/** The next request with an access token gets a wrong one, as if its own had ended. */
export function spoilNextToken(): void {
  spoils = true;
}

/** `fetch` that shows what it sends and gets. The token of a request is spoilt where that was asked for. */
export async function recordingFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  let request = new Request(input, init);
  const shownIn = section;
  if (spoils && request.headers.has('authorization')) {
    spoils = false;
    const headers = new Headers(request.headers);
    headers.set('authorization', `Bearer cs_at_${'0'.repeat(43)}`);
    request = new Request(request, { headers });
  }
  const body = await request.clone().text();
  const sent = { method: request.method, url: request.url, headers: [...request.headers], body };
  const started = performance.now();
  const answered = (status: number, answer: string, answerHeaders: Exchange['answerHeaders']): void => {
    const ms = Math.round(performance.now() - started);
    for (const listener of listeners) listener({ ...sent, status, answer, answerHeaders, ms }, shownIn);
  };
  try {
    const response = await fetch(request);
    answered(response.status, await response.clone().text(), [...response.headers]);
    return response;
  } catch (error) {
    answered(0, 'No answer.', []);
    throw error;
  }
}

/** A line for a shell that sends the same request, with its tokens. */
export function curlOf({ method, url, headers, body }: Exchange): string {
  return [
    'curl -sS',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    quoted(url),
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === '' ? [] : [`-d ${quoted(body)}`]),
  ].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

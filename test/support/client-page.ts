import {
  createCountersign,
  type Countersign,
  type CountersignOptions,
  type Store,
} from '@countersign/client';
import type { Demo, TestApp } from './test-app';

/** What a page's network does with a request; `pass` is the real one. */
export type Network = (request: Request, pass: (request: Request) => Promise<Response>) => Promise<Response>;

/** A store that outlives the page, as `sessionStorage` does. */
export function aStore(): Store & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    getItem: (name) => texts.get(name) ?? null,
    setItem: (name, value) => void texts.set(name, value),
    removeItem: (name) => void texts.delete(name),
  };
}

/** A page with the client in it, against the real service. Its requests are written down. */
export class Page {
  readonly requests: { readonly path: string; readonly status: number; readonly body: string }[] = [];
  readonly client: Countersign;
  readonly store: ReturnType<typeof aStore>;
  network: Network = (request, pass) => pass(request);

  constructor(
    readonly app: TestApp,
    readonly demo: Pick<Demo, 'applicationId'>,
    readonly options: Partial<CountersignOptions> & {
      readonly initData: () => string | null;
      readonly store?: ReturnType<typeof aStore>;
    },
  ) {
    const { store = aStore(), ...rest } = options;
    this.store = store;
    this.client = createCountersign({
      api: this.api,
      applicationId: demo.applicationId,
      stores: [store],
      fetch: (input) => this.send(input as Request),
      ...rest,
    });
  }

  get api(): string {
    return `http://127.0.0.1:${this.app.port}`;
  }

  /** How often a path was asked for. */
  count(path: string): number {
    return this.requests.filter((request) => request.path === path).length;
  }

  private async send(request: Request): Promise<Response> {
    const { pathname: path } = new URL(request.url);
    const entry = { path, status: 0, body: await request.clone().text() };
    this.requests.push(entry);
    const answer = await this.network(request, (asked) => fetch(asked));
    entry.status = answer.status;
    return answer;
  }
}

/** A network that delivers the request and loses its answer, for the first `times` requests to the path. */
export function losingAnswers(path: string, times = 1): Network {
  let left = times;
  return async (request, pass) => {
    const answer = await pass(request);
    if (new URL(request.url).pathname !== path || left === 0) return answer;
    left -= 1;
    throw new TypeError('fetch failed');
  };
}

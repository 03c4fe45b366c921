import type { FastifyRequest } from 'fastify';

interface Route {
  readonly url: string;
  readonly methods: readonly string[];
  readonly pattern: RegExp;
}

/** The existing routes distinguish an unknown path (404) from a wrong method (405). */
export class RouteTable {
  private readonly routes: Route[] = [];

  /** @param isServed whether a route exists for a request: listeners have different routes */
  constructor(private readonly isServed: (url: string, request: FastifyRequest) => boolean) {}

  add(url: string, methods: readonly string[]): void {
    if (url.includes('*')) return;
    const pattern = url.replaceAll(/[.+?^$()|[\]\\]/g, '\\$&').replaceAll(/:[A-Za-z]+/g, '[^/]+');
    this.routes.push({ url, methods, pattern: new RegExp(`^${pattern}$`) });
  }

  /** The methods of the requested path, including `OPTIONS`; none for an unknown path. */
  methodsOf(request: FastifyRequest): readonly string[] {
    const path = request.url.split('?', 1)[0] ?? '';
    const found = this.routes
      .filter(({ url, pattern }) => pattern.test(path) && this.isServed(url, request))
      .flatMap(({ methods }) => methods);
    return found.length > 0 ? [...new Set([...found, 'OPTIONS'])].sort() : [];
  }
}

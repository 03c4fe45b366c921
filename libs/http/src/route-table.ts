interface Route {
  readonly methods: readonly string[];
  readonly pattern: RegExp;
}

/** The routes that exist, to tell an unknown path (404) from a known one asked with another method (405). */
export class RouteTable {
  private readonly routes: Route[] = [];

  add(url: string, methods: readonly string[]): void {
    if (url.includes('*')) return;
    const pattern = url.replaceAll(/[.+?^$()|[\]\\]/g, '\\$&').replaceAll(/:[A-Za-z]+/g, '[^/]+');
    this.routes.push({ methods, pattern: new RegExp(`^${pattern}$`) });
  }

  /** @param url as requested, with or without a query. */
  methodsOf(url: string): readonly string[] {
    const path = url.split('?', 1)[0] ?? '';
    const found = this.routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
    return [...new Set(found)].sort();
  }
}

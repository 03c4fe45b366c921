/**
 * Upper bounds in seconds: from a check that is answered from memory to a request that its client has given
 * up.
 */
export const DURATION_BOUNDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const OTHER_METHOD = 'OTHER';

export interface AnsweredRequest {
  /** The pattern of the route, or `unknown`; never the URL. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

/** The requests of one route and method. */
export interface RequestTotals {
  readonly route: string;
  readonly method: string;
  /** How many were answered with each status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Counts per bucket, not cumulative; the last bucket is above all bounds. */
  readonly buckets: readonly number[];
  /** Sum of the durations. */
  readonly seconds: number;
}

class Totals implements RequestTotals {
  readonly statuses = new Map<number, number>();
  readonly buckets = new Array<number>(DURATION_BOUNDS.length + 1).fill(0);
  seconds = 0;

  constructor(
    readonly route: string,
    readonly method: string,
  ) {}
}

/**
 * Counts requests in plain numbers: prom-client would build a string from the labels at every call, and this
 * runs for tens of thousands of checks per second.
 */
export class RequestTally {
  private readonly routes = new Map<string, Map<string, Totals>>();

  count({ route, method, status, seconds }: AnsweredRequest): void {
    const totals = this.routes.get(route)?.get(method) ?? this.totalsOf(route, method);
    totals.statuses.set(status, (totals.statuses.get(status) ?? 0) + 1);
    let bucket = 0;
    while (bucket < DURATION_BOUNDS.length && seconds > (DURATION_BOUNDS[bucket] ?? 0)) bucket += 1;
    totals.buckets[bucket] = (totals.buckets[bucket] ?? 0) + 1;
    totals.seconds += seconds;
  }

  all(): readonly RequestTotals[] {
    return [...this.routes.values()].flatMap((methods) => [...methods.values()]);
  }

  private totalsOf(route: string, presented: string): Totals {
    const method = METHODS.has(presented) ? presented : OTHER_METHOD;
    const methods = this.routes.get(route) ?? new Map<string, Totals>();
    this.routes.set(route, methods);
    const totals = methods.get(method) ?? new Totals(route, method);
    methods.set(method, totals);
    return totals;
  }
}

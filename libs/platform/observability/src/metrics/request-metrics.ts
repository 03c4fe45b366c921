import { Counter, Histogram, type Registry } from 'prom-client';

/** Upper bounds in seconds: from a cached check to a request that its client has given up. */
const DURATION_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const OTHER_METHOD = 'OTHER';

export interface AnsweredRequest {
  /** The pattern of the route, or `unknown`; never the URL. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

export class RequestMetrics {
  private readonly answered: Counter<'route' | 'method' | 'status'>;
  private readonly durations: Histogram<'route' | 'method'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.answered = new Counter({
      name: 'countersign_http_requests_total',
      help: 'Requests answered, by pattern of the route.',
      labelNames: ['route', 'method', 'status'],
      registers,
    });
    this.durations = new Histogram({
      name: 'countersign_http_request_duration_seconds',
      help: 'From the arrival of a request to the end of its answer, by pattern of the route.',
      labelNames: ['route', 'method'],
      buckets: DURATION_BOUNDS,
      registers,
    });
  }

  count({ route, method: presented, status, seconds }: AnsweredRequest): void {
    const method = METHODS.has(presented) ? presented : OTHER_METHOD;
    this.answered.inc({ route, method, status });
    this.durations.observe({ route, method }, seconds);
  }
}

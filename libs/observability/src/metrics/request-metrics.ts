import {
  Counter,
  Histogram,
  type MetricObjectWithValues,
  type MetricValueWithName,
  type Registry,
} from 'prom-client';
import { DURATION_BOUNDS, type RequestTally, type RequestTotals } from './request-tally';

type DurationLabel = 'route' | 'method' | 'le';
type DurationValue = MetricValueWithName<DurationLabel>;
type DurationValues = MetricObjectWithValues<DurationValue>;

/** Exposes the counts of the tally in the registry. */
export function registerRequestMetrics(registry: Registry, tally: RequestTally): void {
  new Counter({
    name: 'countersign_http_requests_total',
    help: 'Requests answered, by pattern of the route.',
    labelNames: ['route', 'method', 'status'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { route, method, statuses } of tally.all())
        for (const [status, count] of statuses) this.inc({ route, method, status }, count);
    },
  });
  new TalliedDurations(registry, tally);
}

const description = {
  name: 'countersign_http_request_duration_seconds',
  help: 'From the arrival of a request to the end of its answer, by pattern of the route.',
};

/** prom-client's histogram observes one value at a time; this one exposes counts kept elsewhere. */
class TalliedDurations extends Histogram<DurationLabel> {
  constructor(
    registry: Registry,
    private readonly tally: RequestTally,
  ) {
    super({ ...description, labelNames: ['route', 'method'], registers: [registry] });
  }

  override async get(): Promise<DurationValues> {
    const values = this.tally.all().flatMap(valuesOf);
    // prom-client's types declare the kind of a metric as a number; it is a string.
    return { ...description, type: 'histogram', aggregator: 'sum', values } as unknown as DurationValues;
  }

  /** The registry prefers this method. */
  getForPromString(): Promise<DurationValues> {
    return this.get();
  }
}

function valuesOf({ route, method, buckets, seconds }: RequestTotals): readonly DurationValue[] {
  const bounds = [...DURATION_BOUNDS.map(String), '+Inf'];
  let count = 0;
  const cumulative = bounds.map((le, index) => {
    count += buckets[index] ?? 0;
    return { metricName: `${description.name}_bucket`, labels: { le, route, method }, value: count };
  });
  const labels = { route, method };
  return [
    ...cumulative,
    { metricName: `${description.name}_sum`, labels, value: seconds },
    { metricName: `${description.name}_count`, labels, value: count },
  ];
}

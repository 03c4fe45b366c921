import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

type MetricName = `countersign_${string}`;
export type CountBy<Label extends string = never> = (
  labels: Readonly<Record<Label, string>>,
  count?: number,
) => void;
type Observe<Label extends string> = (labels: Readonly<Record<Label, string>>, seconds: number) => void;

const CACHES = ['sessions', 'refusals', 'applications', 'identity_tokens'] as const;
type CacheName = (typeof CACHES)[number];

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Upper bounds in seconds, from a cached check to a request that its client has given up. */
const REQUEST_BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LAG_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];
const JOB_BOUNDS = [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1_800];
const GAUGE_TIMEOUT_MS = 1_000;

interface AnsweredRequest {
  /** The pattern of the route, or `unknown`; never the URL. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

/** Node's own metrics exist once per process: their observers are never removed, so more sets would leak. */
let processMetrics: Registry | null = null;

/** Prometheus metrics of one application. Labels have closed sets of values, and never personal data, ids or URLs. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private readonly lookups = new Map(CACHES.map((cache) => [cache, { hit: 0, miss: 0 }]));
  private readonly caches = new Map<CacheName, () => number>();
  private scrape: Promise<string> | null = null;

  readonly signIn = this.counter(
    'countersign_sign_ins_total',
    'Attempts to sign in, by door and by how they ended: signed_in, sent_on, or the code of the error.',
    'door',
    'outcome',
  );
  readonly refresh = this.counter(
    'countersign_refreshes_total',
    'Refreshes answered by this replica: refreshed, or the code of the error.',
    'outcome',
  );
  readonly sessionsEnded = this.counter(
    'countersign_sessions_ended_total',
    'Sessions that ended at any replica or by the CLI, as this replica was notified; idle and absolute expiry apart.',
    'reason',
  );
  readonly dataUnreadable = this.counter(
    'countersign_data_unreadable_total',
    'Requests that failed since stored data was changed from outside, or belongs elsewhere.',
  );
  readonly adminRefused = this.counter(
    'countersign_admin_refusals_total',
    'Calls of the administration API refused with 401, 403 or 429, by the code of the error.',
    'code',
  );
  /** Compares the clocks of two machines: a negative difference counts as zero. */
  readonly revocationHeard = this.histogram(
    'countersign_revocation_lag_seconds',
    'From the end of a session to the moment in which this replica heard of it.',
  );

  readonly jobDone = this.timed(
    JOB_BOUNDS,
    'countersign_job_duration_seconds',
    'Runs of background jobs on this replica.',
    'job_name',
    'outcome',
  );
  private readonly answered = this.counter(
    'countersign_http_requests_total',
    'Requests answered, by pattern of the route.',
    'route',
    'method',
    'status',
  );
  private readonly durations = this.timed(
    REQUEST_BOUNDS,
    'countersign_http_request_duration_seconds',
    'From the arrival of a request to the end of its answer, by pattern of the route.',
    'route',
    'method',
  );

  constructor() {
    this.registerLookups();
    this.gaugeBy('countersign_cache_entries', 'What is kept in memory.', 'cache', () =>
      Object.fromEntries([...this.caches].map(([cache, read]) => [cache, read()])),
    );
  }

  requestAnswered({ route, method: presented, status, seconds }: AnsweredRequest): void {
    const method = METHODS.has(presented) ? presented : 'OTHER';
    this.answered({ route, method, status: String(status) });
    this.durations({ route, method }, seconds);
  }

  cacheLookup(cache: CacheName, result: 'hit' | 'miss'): void {
    const counts = this.lookups.get(cache);
    if (counts) counts[result] += 1;
  }

  watchCache(cache: CacheName, entries: () => number): void {
    this.caches.set(cache, entries);
  }

  /** Declares a counter where a module counts. Label values are of closed sets. */
  counter<Label extends string = never>(
    name: MetricName,
    help: string,
    ...labelNames: Label[]
  ): CountBy<Label> {
    const counter = new Counter<string>({ name, help, labelNames, registers: [this.registry] });
    return (labels, count = 1) => {
      counter.inc(labels, count);
    };
  }

  /** Durations in seconds. Label values are of closed sets. */
  histogram<Label extends string = never>(
    name: MetricName,
    help: string,
    ...labelNames: Label[]
  ): Observe<Label> {
    return this.timed(LAG_BOUNDS, name, help, ...labelNames);
  }

  /** Facts about this process, as labels of a gauge whose value is always 1. */
  info(name: MetricName, help: string, labels: Readonly<Record<string, string>>): void {
    new Gauge({ name, help, labelNames: Object.keys(labels), registers: [this.registry] }).set(labels, 1);
  }

  /** A number that each scrape reads. A scrape omits it if the reading fails or takes more than a second. */
  gauge(name: MetricName, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        const value = await readOrNull(read);
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  }

  /** Like `gauge`, with a number for each value of a label. */
  gaugeBy(
    name: MetricName,
    help: string,
    label: string,
    read: () => Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>,
  ): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      async collect() {
        const values = await readOrNull(read);
        this.reset();
        for (const [key, value] of Object.entries(values ?? {})) this.set({ [label]: key }, value);
      },
    });
  }

  /** All metrics in the text format. Concurrent scrapes share one result. */
  expose(): Promise<string> {
    if (!processMetrics) {
      processMetrics = new Registry();
      collectDefaultMetrics({ register: processMetrics });
    }
    this.scrape ??= Registry.merge([this.registry, processMetrics])
      .metrics()
      .finally(() => {
        this.scrape = null;
      });
    return this.scrape;
  }

  private timed<Label extends string>(
    buckets: number[],
    name: MetricName,
    help: string,
    ...labelNames: Label[]
  ): Observe<Label> {
    const histogram = new Histogram<string>({ name, help, labelNames, buckets, registers: [this.registry] });
    return (labels, seconds) => {
      histogram.observe(labels, seconds);
    };
  }

  private registerLookups(): void {
    const { lookups } = this;
    new Counter({
      name: 'countersign_cache_lookups_total',
      help: 'Look-ups in memory; a miss costs a statement or a signature.',
      labelNames: ['cache', 'result'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [cache, { hit, miss }] of lookups) {
          this.inc({ cache, result: 'hit' }, hit);
          this.inc({ cache, result: 'miss' }, miss);
        }
      },
    });
  }
}

async function readOrNull<T>(read: () => T | Promise<T>): Promise<T | null> {
  const done = new AbortController();
  try {
    return await Promise.race([read(), sleep(GAUGE_TIMEOUT_MS, null, { signal: done.signal })]);
  } catch {
    return null;
  } finally {
    done.abort();
  }
}

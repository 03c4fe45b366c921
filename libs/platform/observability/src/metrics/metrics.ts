import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { processMetrics } from './process-metrics';
import { RequestMetrics, type AnsweredRequest } from './request-metrics';

/** The text format of Prometheus, as `expose` writes it. */
export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

type MetricName = `countersign_${string}`;
/** Adds one, or `count`. */
export type CountBy<Label extends string = never> = (
  labels: Readonly<Record<Label, string>>,
  count?: number,
) => void;
type CacheName = 'sessions' | 'refusals' | 'applications' | 'identity_tokens';
type CacheResult = 'hit' | 'miss';

const CACHES: readonly CacheName[] = ['sessions', 'refusals', 'applications', 'identity_tokens'];
const LAG_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];
const JOB_BOUNDS = [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1_800];
const GAUGE_TIMEOUT_MS = 1_000;

/**
 * Prometheus metrics of one application. Labels have values of closed sets only: patterns of routes, doors,
 * codes; never an id, an address, a URL or other data of a person or client.
 */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests = new RequestMetrics(this.registry);
  private readonly lookups = new Map(CACHES.map((cache) => [cache, { hit: 0, miss: 0 }]));
  private readonly caches = new Map<CacheName, () => number>();
  private scrape: Promise<string> | null = null;

  /** `outcome`: `signed_in`, `sent_on` where a redirect goes on with a one-time code, or an error code. */
  readonly signIn = this.counter(
    'countersign_sign_ins_total',
    'Attempts to sign in, by door and by how they ended: signed_in, sent_on, or the code of the error.',
    'door',
    'outcome',
  );
  /** `outcome`: `refreshed` or an error code. */
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
  /** `code`: of the error. */
  readonly adminRefused = this.counter(
    'countersign_admin_refusals_total',
    'Calls of the administration API refused with 401, 403 or 429, by the code of the error.',
    'code',
  );
  /** By the clocks of two machines: a negative difference counts as zero. */
  readonly revocationHeard = this.histogram(
    'countersign_revocation_lag_seconds',
    'From the end of a session to the moment in which this replica heard of it.',
  );

  private readonly jobs = new Histogram({
    name: 'countersign_job_duration_seconds',
    help: 'Runs of background jobs on this replica.',
    labelNames: ['job_name', 'outcome'],
    buckets: JOB_BOUNDS,
    registers: [this.registry],
  });

  constructor() {
    this.registerLookups();
    this.gaugeBy('countersign_cache_entries', 'What is kept in memory.', 'cache', () =>
      Object.fromEntries([...this.caches].map(([cache, read]) => [cache, read()])),
    );
  }

  requestAnswered(request: AnsweredRequest): void {
    this.requests.count(request);
  }

  cacheLookup(cache: CacheName, result: CacheResult): void {
    const counts = this.lookups.get(cache);
    if (counts) counts[result] += 1;
  }

  jobDone(job: string, outcome: 'done' | 'failed', seconds: number): void {
    this.jobs.observe({ job_name: job, outcome }, seconds);
  }

  watchCache(cache: CacheName, entries: () => number): void {
    this.caches.set(cache, entries);
  }

  /** A counter of a module, which declares it where it counts. Values of labels are of closed sets. */
  counter<Label extends string = never>(
    name: MetricName,
    help: string,
    ...labelNames: readonly Label[]
  ): CountBy<Label> {
    const counter = new Counter<string>({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
    });
    return (labels, count = 1) => {
      counter.inc(labels, count);
    };
  }

  /** Durations in seconds, as `counter` is declared. */
  histogram<Label extends string = never>(
    name: MetricName,
    help: string,
    ...labelNames: readonly Label[]
  ): (labels: Readonly<Record<Label, string>>, seconds: number) => void {
    const histogram = new Histogram<string>({
      name,
      help,
      labelNames: [...labelNames],
      buckets: LAG_BOUNDS,
      registers: [this.registry],
    });
    return (labels, seconds) => {
      histogram.observe(labels, seconds);
    };
  }

  /** Facts about this process, as labels of a gauge that is always 1. */
  info(name: MetricName, help: string, labels: Readonly<Record<string, string>>): void {
    new Gauge({ name, help, labelNames: Object.keys(labels), registers: [this.registry] }).set(labels, 1);
  }

  /**
   * A number that is read at every scrape; omitted from scrapes where reading fails or takes more than a
   * second.
   */
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

  /** As `gauge`, a number for each value of a label. */
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

  /**
   * All metrics in the text format. Concurrent scrapes share a result, so that many cost no more than one.
   */
  expose(): Promise<string> {
    this.scrape ??= Registry.merge([this.registry, processMetrics()])
      .metrics()
      .finally(() => {
        this.scrape = null;
      });
    return this.scrape;
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

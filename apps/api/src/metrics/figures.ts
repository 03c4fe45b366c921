import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, MINUTE } from '@countersign/clock';
import { Metrics, SideTasks, type MeasuredValue, type SideTask } from '@countersign/observability';

const MAX_SAMPLES = 60;
/** Outcomes of successful sign-ins. */
const SUCCESSES: readonly unknown[] = ['signed_in', 'sent_on'];

/** Counts since the start of the process. */
interface Sample {
  readonly at: Date;
  readonly signIns: number;
  readonly refusals: Readonly<Record<string, number>>;
  readonly endedSessions: number;
  readonly webhookLagSeconds: number | null;
}

/** The difference to the previous sample. */
export interface Point {
  readonly at: Date;
  readonly signIns: number;
  readonly refusals: number;
  readonly endedSessions: number;
  /** Null if unknown. */
  readonly webhookLagSeconds: number | null;
}

export interface MeasuredFigures {
  readonly from: Date;
  readonly points: readonly Point[];
  readonly refusals: Readonly<Record<string, number>>;
}

/** The last hour of some metrics of this process, by minute, in memory. Prometheus has the rest. */
@Injectable()
export class Figures implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private samples: readonly Sample[] = [];
  private readonly loop: SideTask;

  constructor(
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    tasks: SideTasks,
  ) {
    this.loop = tasks.loop('figures', () => this.store());
  }

  onApplicationBootstrap(): void {
    const nothing = { signIns: 0, refusals: {}, endedSessions: 0, webhookLagSeconds: null };
    this.samples = [{ at: this.clock.now(), ...nothing }];
    this.loop.start(MINUTE);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  async read(): Promise<MeasuredFigures> {
    const last = await this.measure();
    const [first = last, ...others] = this.samples;
    let before = first;
    const points = [...others, last].map((sample) => {
      const point = {
        at: sample.at,
        signIns: sample.signIns - before.signIns,
        refusals: sumOf(sample.refusals) - sumOf(before.refusals),
        endedSessions: sample.endedSessions - before.endedSessions,
        webhookLagSeconds: sample.webhookLagSeconds,
      };
      before = sample;
      return point;
    });
    const refusals = Object.entries(last.refusals)
      .map(([code, count]) => [code, count - (first.refusals[code] ?? 0)] as const)
      .filter(([, count]) => count > 0);
    return { from: first.at, points, refusals: Object.fromEntries(refusals) };
  }

  private async store(): Promise<number> {
    this.samples = [...this.samples, await this.measure()].slice(-MAX_SAMPLES);
    return MINUTE;
  }

  private async measure(): Promise<Sample> {
    const signIns = await this.metrics.read('countersign_sign_ins_total');
    const ended = await this.metrics.read('countersign_sessions_ended_total');
    const [lag] = await this.metrics.read('countersign_webhook_delivery_lag_seconds');
    const refusals: Record<string, number> = {};
    for (const { labels, value } of signIns)
      if (!SUCCESSES.includes(labels['outcome']))
        refusals[String(labels['outcome'])] = (refusals[String(labels['outcome'])] ?? 0) + value;
    const successes = signIns.filter(({ labels }) => SUCCESSES.includes(labels['outcome']));
    return {
      at: this.clock.now(),
      signIns: totalOf(successes),
      refusals,
      endedSessions: totalOf(ended),
      webhookLagSeconds: lag ? Math.round(lag.value) : null,
    };
  }
}

function totalOf(values: readonly MeasuredValue[]): number {
  return values.reduce((sum, { value }) => sum + value, 0);
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

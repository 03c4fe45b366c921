import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MINUTE, SECOND, type Clock } from '@countersign/clock';
import type { SideTasks } from '@countersign/observability';
import type { ClaimedQueue, Claims } from './claims';
import type { DeliveryAttempts } from './delivery-attempts';
import type { DeliveryRecorder, Outcome } from './delivery-recorder';
import type { NewAttempt, PendingRow } from './delivery.repository';
import type { EndpointHealth } from './endpoint-health';
import { EndpointPace } from './endpoint-pace';
import { judgeAttempt, type Judgement } from './judge-attempt';
import { isDue } from '../longest-wait';

/** As many queues are claimed ahead as were finished in this time. */
const AHEAD_MS = 500;
const MAX_AHEAD = 512;

/** Until the next attempt when nothing was sent: no connection was free, or the client was closed. */
const LATER_MS = 2 * SECOND;
/** Until the next attempt of what this replica cannot send. */
const NOT_BY_THIS_REPLICA_MS = MINUTE;

const FRACTIONS = 2 ** 32;
const randomFraction = (): number => randomInt(FRACTIONS) / FRACTIONS;

interface DeliveryDeps {
  readonly claims: Claims;
  readonly attempts: DeliveryAttempts;
  readonly recorder: DeliveryRecorder;
  readonly health: EndpointHealth;
  readonly clock: Clock;
  readonly tasks: SideTasks;
}

/** The deliveries of one endpoint by this replica: subjects beside each other, those of one subject in order. */
export class EndpointDeliveries {
  private readonly pace = new EndpointPace();
  private waiting: ClaimedQueue[] = [];
  private readonly running = new Set<Promise<void>>();
  private readonly recording = new Set<Promise<void>>();
  private health: Promise<void> = Promise.resolve();
  /** The reported health, and how much of it is recorded. */
  private reported = 0;
  private recorded = 0;
  /** By `performance.now()`. */
  private pausedUntil: number | null = null;
  /** How often its deliveries were halted. */
  private halts = 0;
  private isClaiming = false;
  /** Whether the last claim got all that it wanted. */
  private hasMore = false;
  private isStopped = false;
  private finished = 0;
  private measuredAt = performance.now();
  private rate = 0;

  constructor(
    private readonly endpointId: string,
    private readonly deps: DeliveryDeps,
  ) {}

  /** Whether it can be forgotten. */
  get isIdle(): boolean {
    return (
      this.waiting.length === 0 && this.running.size === 0 && this.recording.size === 0 && !this.isClaiming
    );
  }

  /** Claims more, unless there is enough. */
  feed(): void {
    const ahead = this.ahead();
    if (this.isClaiming || this.isHalted() || this.waiting.length > ahead / 2) return;
    this.isClaiming = true;
    void this.claim(ahead - this.waiting.length);
  }

  /** Starts nothing more, and resolves when attempts in flight have ended and everything is recorded. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.giveBack();
    await Promise.all(this.running);
    await Promise.all([...this.recording, this.health]);
  }

  private async claim(limit: number): Promise<void> {
    const recordedBefore = this.recorded;
    const { endpointId } = this;
    const claimed = this.waiting.length + this.running.size;
    const take = () => this.deps.claims.take(endpointId, limit, claimed);
    const taken = (await this.deps.tasks.attempt('webhook-claims', take, { endpointId })) ?? [];
    this.isClaiming = false;
    this.waiting.push(...taken);
    const [first] = taken;
    if (first) this.pace.learn(first.endpoint.failingSince, this.reported === recordedBefore);
    if (this.isHalted()) return this.giveBack();
    this.startNext();
    this.hasMore = taken.length === limit;
    if (this.hasMore) this.feed();
  }

  private isHalted(): boolean {
    return this.isStopped || (this.pausedUntil !== null && this.pausedUntil > performance.now());
  }

  private ahead(): number {
    const now = performance.now();
    if (now - this.measuredAt >= AHEAD_MS / 2) {
      this.rate = (this.finished / (now - this.measuredAt)) * AHEAD_MS;
      this.finished = 0;
      this.measuredAt = now;
    }
    return Math.min(MAX_AHEAD, Math.max(this.pace.inFlight, Math.ceil(this.rate)));
  }

  private startNext(): void {
    while (this.running.size < this.pace.inFlight) {
      const queue = this.waiting.shift();
      if (!queue) return;
      const running = this.deliver(queue).finally(() => {
        this.running.delete(running);
        this.startNext();
        if (this.hasMore) this.feed();
      });
      this.running.add(running);
    }
  }

  private giveBack(): void {
    for (const queue of this.waiting.splice(0)) this.record(queue, [], [], null);
  }

  private async deliver(queue: ClaimedQueue): Promise<void> {
    const outcomes: Outcome[] = [];
    const attempts: NewAttempt[] = [];
    const { endpointId } = this;
    const waitMs = await this.deps.tasks.attempt(
      'webhook-attempts',
      () => this.deliverInOrder(queue, outcomes, attempts),
      { endpointId },
    );
    this.record(queue, outcomes, attempts, waitMs === undefined ? NOT_BY_THIS_REPLICA_MS : waitMs);
    if (this.pace.gapMs > 0 && !this.isStopped) await sleep(this.pace.gapMs);
  }

  /** @returns how long the rest waits at least, if it does */
  private async deliverInOrder(
    queue: ClaimedQueue,
    outcomes: Outcome[],
    attempts: NewAttempt[],
  ): Promise<number | null> {
    const haltsBefore = this.halts;
    for (const row of queue.rows) {
      if (this.isStopped || this.halts > haltsBefore || performance.now() > queue.usableUntil) break;
      const now = this.deps.clock.now();
      if (!isDue(row.dueAt, queue.now())) break;
      const data = await this.deps.attempts.dataOf(row);
      if (data === null) {
        // Its event is no longer stored.
        outcomes.push(outcomeOf(queue, row, { state: 'failed', waitMs: null }, 0));
        continue;
      }
      if (!this.deps.attempts.canSend(queue, row)) return NOT_BY_THIS_REPLICA_MS;
      const { judgement, durationMs } = await this.attempt(queue, { ...row, data });
      const { delivery, outcome, status } = judgement;
      if (delivery === null) return LATER_MS;
      attempts.push({
        endpointId: queue.endpointId,
        eventId: row.eventId,
        attemptedAt: now,
        outcome,
        status,
        durationMs,
      });
      outcomes.push(outcomeOf(queue, row, delivery, 1));
      if (delivery.state === 'pending') break;
    }
    return null;
  }

  private async attempt(
    queue: ClaimedQueue,
    row: PendingRow,
  ): Promise<{ readonly judgement: Judgement; readonly durationMs: number }> {
    const result = await this.deps.attempts.send(queue, row);
    const now = this.deps.clock.now();
    const judgement = judgeAttempt(result, row.attempts + 1, randomFraction);
    this.noteHealth(judgement, now, queue);
    return { judgement, durationMs: result.durationMs };
  }

  private noteHealth(judgement: Judgement, now: Date, { endpoint }: ClaimedQueue): void {
    const { health } = this.deps;
    const wasFailing = this.pace.isFailing;
    const pauseMs = this.pace.note(judgement, now);
    if (judgement.endpoint === 'unknown') return;
    if (judgement.endpoint === 'gone') {
      this.halt(NOT_BY_THIS_REPLICA_MS, () => health.gone(endpoint));
    } else if (judgement.endpoint === 'well') {
      if (wasFailing) this.report(() => health.recovered(endpoint));
    } else if (pauseMs !== null) {
      this.halt(pauseMs, () => health.failed(endpoint, pauseMs));
    } else if (!wasFailing || health.isDue(endpoint, now)) this.report(() => health.failed(endpoint, null));
  }

  private halt(forMs: number, record: () => Promise<boolean>): void {
    const until = performance.now() + forMs;
    this.pausedUntil = until;
    this.halts += 1;
    this.giveBack();
    this.report(async () => {
      const isRecorded = await record();
      // From now on the row says so, which an operator may change.
      if (isRecorded && this.pausedUntil === until) this.pausedUntil = null;
    });
  }

  /** One after the other: a recovery is not to overtake the failure before it. */
  private report(work: () => Promise<unknown>): void {
    this.reported += 1;
    this.health = this.health.then(work).then(() => {
      this.recorded += 1;
    });
  }

  private record(
    queue: ClaimedQueue,
    outcomes: readonly Outcome[],
    attempts: readonly NewAttempt[],
    waitMs: number | null,
  ): void {
    const { recorder, claims } = this.deps;
    const { endpointId, subject, lease, leaseExpiresAt } = queue;
    this.finished += 1;
    const recording = recorder
      .add({ endpointId, subject, lease, leaseExpiresAt, waitMs, outcomes, attempts })
      .finally(() => {
        claims.forget(queue);
        this.recording.delete(recording);
        if (queue.isCutOff && outcomes.length === queue.rows.length) this.feed();
      });
    this.recording.add(recording);
  }
}

function outcomeOf(
  { endpointId }: ClaimedQueue,
  { sequence, attempts }: PendingRow,
  { state, waitMs }: Pick<Outcome, 'state' | 'waitMs'>,
  made: number,
): Outcome {
  return { endpointId, sequence, state, attempts: attempts + made, waitMs };
}

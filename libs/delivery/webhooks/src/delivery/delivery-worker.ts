import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock, MINUTE } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, DatabaseClock } from '@countersign/database';
import { Outbox } from '@countersign/events';
import { Readiness } from '@countersign/jobs';
import { SideTasks, type SideTask } from '@countersign/observability';
import { WebhookClient } from '@countersign/webhook-sender';
import { Claims } from './claims';
import { DeliveryAttempts } from './delivery-attempts';
import { DeliveryRecorder } from './delivery-recorder';
import { DeliveryRepository } from './delivery.repository';
import { EndpointDeliveries } from './endpoint-deliveries';
import { EndpointHealth } from './endpoint-health';
import { FanOut } from './fan-out';

const POLL_MS = 700;
/** While no endpoint is active. */
const IDLE_POLL_MS = 4_000;
/** Between the event of a request, which wakes the loop, and its commit. */
const COMMIT_MS = 50;
/** Between looks for events of a cluster that the database was restored from. */
const EARLIER_CLUSTER_MS = 10 * MINUTE;
/** How long the end of the process waits for attempts in flight. The others are cut off: another replica makes them again. */
const DRAIN_MS = 3_000;

/**
 * Delivers webhooks in this process: one loop adds deliveries of events, another one claims those that are due. All
 * replicas may do so at the same time.
 */
@Injectable()
export class DeliveryWorker implements BeforeApplicationShutdown {
  private readonly endpoints = new Map<string, EndpointDeliveries>();
  private readonly fanningOut: SideTask;
  private readonly delivering: SideTask;
  private earlierClusterAt = Number.NEGATIVE_INFINITY;
  private hasActive = false;

  constructor(
    private readonly database: Database,
    private readonly repository: DeliveryRepository,
    private readonly fanOut: FanOut,
    private readonly claims: Claims,
    private readonly attempts: DeliveryAttempts,
    private readonly recorder: DeliveryRecorder,
    private readonly health: EndpointHealth,
    private readonly client: WebhookClient,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly databaseClock: DatabaseClock,
    private readonly configuration: Configuration,
    private readonly tasks: SideTasks,
    readiness: Readiness,
  ) {
    this.fanningOut = tasks.loop('webhook-fan-out', () => this.addDeliveries(), readiness);
    this.delivering = tasks.loop('webhook-deliveries', () => this.deliver(), readiness);
  }

  start(): void {
    this.outbox.onAdded(() => this.fanningOut.wake(COMMIT_MS));
    this.fanningOut.start();
    this.delivering.start();
  }

  /** Before the connections to the database are closed. */
  async beforeApplicationShutdown(): Promise<void> {
    const stopped = Promise.all([this.fanningOut.stop(), this.delivering.stop()]).then(() =>
      Promise.all([...this.endpoints.values()].map((endpoint) => endpoint.stop())),
    );
    await Promise.race([stopped, sleep(DRAIN_MS * this.configuration.patience, undefined, { ref: false })]);
    await this.client.close();
    await Promise.race([
      stopped.then(() => this.recorder.stop()),
      sleep(DRAIN_MS, undefined, { ref: false }),
    ]);
    await this.recorder.stop();
  }

  private async addDeliveries(): Promise<number> {
    const now = performance.now();
    let step = { added: 0, hasMore: false };
    if (now - this.earlierClusterAt >= EARLIER_CLUSTER_MS) {
      step = await this.fanOut.readEarlierCluster();
      if (!step.hasMore) this.earlierClusterAt = now;
    }
    if (!step.hasMore && (await this.fanOut.isDue())) step = await this.fanOut.step();
    if (step.added > 0) this.delivering.wake();
    if (step.hasMore) return 0;
    return this.hasActive ? POLL_MS : IDLE_POLL_MS;
  }

  private async deliver(): Promise<number> {
    const now = await this.databaseClock.now();
    const loads = await this.database.read((manager) => this.repository.loads(manager, now));
    this.hasActive = loads.length > 0;
    const active = new Set(loads.map(({ id }) => id));
    for (const [id, endpoint] of this.endpoints)
      if (!active.has(id) && endpoint.isIdle) this.endpoints.delete(id);
    const far = loads.flatMap(({ id, hasImplausibleDue }) => (hasImplausibleDue ? [id] : []));
    if (far.length > 0) await this.database.transaction((tx) => this.repository.makeDue(tx, far, now));
    for (const { id, dueAt, isPaused } of loads)
      if (!isPaused && dueAt !== null && dueAt <= now) this.endpointOf(id).feed();
    return this.hasActive ? POLL_MS : IDLE_POLL_MS;
  }

  private endpointOf(id: string): EndpointDeliveries {
    const { attempts, claims, clock, health, recorder, tasks } = this;
    const known =
      this.endpoints.get(id) ??
      new EndpointDeliveries(id, { attempts, claims, clock, health, recorder, tasks });
    this.endpoints.set(id, known);
    return known;
  }
}

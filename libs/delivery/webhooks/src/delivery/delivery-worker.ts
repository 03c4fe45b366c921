import type { KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Logger, Metrics, plusSeconds, type SideTask, SideTasks } from '@countersign/runtime';
import { Database, DatabaseClock, Readiness, RunsWhenReady } from '@countersign/database';
import { WebhookClient, signingKeyOf } from '@countersign/webhook-sender';
import { KeyRing, SealError } from '@countersign/crypto';
import { sealedSecret } from '../webhook.entity';
import { DeliveryAttempts } from './delivery-attempts';
import { DeliveryRepository, type ClaimedRow, type SecretRow } from './delivery.repository';
import { WebhookSubscriptions } from './webhook-subscriptions';

@Injectable()
export class SigningKeys {
  constructor(
    private readonly keyRing: KeyRing,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {}

  /** Keeps the order. A key that cannot be opened is logged and left out. */
  open(secrets: readonly SecretRow[]): readonly KeyObject[] {
    return secrets.flatMap((secret) => this.openOne(secret) ?? []);
  }

  private openOne({ id, secret }: SecretRow): KeyObject | null {
    try {
      return signingKeyOf(sealedSecret.open(this.keyRing, id, secret));
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      this.metrics.dataUnreadable({});
      this.logger.error({ err: error, secretId: id }, 'the secret of a webhook endpoint cannot be opened');
      return null;
    }
  }
}

const POLL_MS = 700;
/** One claim follows all deliveries that end within this time. */
const COLLECT_MS = 25;
/** How long shutdown waits for attempts in flight. Another replica repeats the attempts that are cut off. */
const DRAIN_MS = 3_000;

/** The lease is longer than an attempt's time limit (15 s) and its recording together. */
const LEASE_SECONDS = 40;

/** Claims due deliveries in a loop and sends them. All replicas may run it at the same time. */
@Injectable()
@RunsWhenReady()
export class DeliveryWorker implements BeforeApplicationShutdown {
  private readonly running = new Map<string, number>();
  private readonly attemptsInFlight = new Set<Promise<void>>();
  private readonly delivering: SideTask;

  constructor(
    private readonly database: Database,
    private readonly repository: DeliveryRepository,
    private readonly attempts: DeliveryAttempts,
    private readonly signingKeys: SigningKeys,
    private readonly client: WebhookClient,
    private readonly subscriptions: WebhookSubscriptions,
    private readonly clock: DatabaseClock,
    private readonly tasks: SideTasks,
    readiness: Readiness,
  ) {
    this.delivering = tasks.loop('webhook-deliveries', () => this.claim(), readiness);
  }

  start(): void {
    this.subscriptions.onAdded(() => this.delivering.wake());
    this.delivering.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const ended = this.delivering.stop().then(() => Promise.all(this.attemptsInFlight));
    await Promise.race([ended, sleep(DRAIN_MS, undefined, { ref: false })]);
    await this.client.close();
    await Promise.race([ended, sleep(DRAIN_MS, undefined, { ref: false })]);
  }

  private async claim(): Promise<number> {
    const now = await this.clock.now();
    const leaseUntil = plusSeconds(now, LEASE_SECONDS);
    const claimed = await this.database.transaction(async (tx) => {
      const found = await this.repository.claim(tx, now, leaseUntil, this.running);
      const ids = [...new Set(found.map(({ endpointId }) => endpointId))];
      const secrets = ids.length === 0 ? [] : await this.repository.secrets(tx, ids, now);
      const keys = new Map(
        ids.map((id) => [id, this.signingKeys.open(secrets.filter(({ endpointId }) => endpointId === id))]),
      );
      return found.map((row) => ({ row, keys: keys.get(row.endpointId) ?? [] }));
    });
    for (const { row, keys } of claimed) this.deliver(row, keys);
    return POLL_MS;
  }

  private deliver(row: ClaimedRow, keys: readonly KeyObject[]): void {
    const { endpointId } = row;
    this.running.set(endpointId, (this.running.get(endpointId) ?? 0) + 1);
    const attempt = this.tasks
      .attempt('webhook-attempts', () => this.attempts.deliver(row, keys), { endpointId })
      .then(() => {
        this.attemptsInFlight.delete(attempt);
        const left = (this.running.get(endpointId) ?? 1) - 1;
        if (left === 0) this.running.delete(endpointId);
        else this.running.set(endpointId, left);
        this.delivering.wake(COLLECT_MS);
      });
    this.attemptsInFlight.add(attempt);
  }
}

import { randomUUID } from 'node:crypto';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { KEY_PURPOSES, KeyRing, keyCheckValue } from '@countersign/crypto';
import { Database, Notifications, unavailable } from '@countersign/database';
import { Logger, SideTasks, type SideTask } from '@countersign/observability';
import { RING_CHANNEL, RingKeysRepository } from './store/ring-keys.repository';
import { RingStates, WrongKeyError } from './ring-states';

const BEAT_MS = 10_000;
/**
 * How long the ring is used after a heartbeat: shorter than other processes count this one as running, by
 * more than a transaction takes. So no replica seals or looks up with keys that were rotated without it.
 */
const LEASE_MS = 40_000;

/** Tells the other processes that this one runs, and which keys it has; learns which of them to use. */
@Injectable()
export class Heartbeat implements BeforeApplicationShutdown {
  private readonly replicaId = randomUUID();
  private version = '';
  private readonly beats: SideTask;
  /** Monotonic. */
  private leasedAt = Number.NEGATIVE_INFINITY;
  private wrong: WrongKeyError | null = null;

  constructor(
    private readonly states: RingStates,
    private readonly repository: RingKeysRepository,
    private readonly keyRing: KeyRing,
    private readonly database: Database,
    notifications: Notifications,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly tasks: SideTasks,
  ) {
    this.beats = tasks.loop('heartbeat', () => this.beat());
    const wake = (): void => this.beats.wake();
    notifications.subscribe(RING_CHANNEL, { onMessage: wake, onGap: wake });
  }

  /** What keeps this replica from using its ring, or null. */
  get problem(): string | null {
    return this.wrong?.message ?? null;
  }

  /**
   * Verifies the ring and announces this replica in one transaction; from then on the ring is used only
   * while heartbeats succeed.
   * @throws WrongKeyError
   */
  async start(version: string): Promise<void> {
    await this.join(version);
    this.version = version;
    this.keyRing.guard((purpose) => {
      if (purpose !== 'token') this.assertLeased();
    });
    this.beats.start(BEAT_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.beats.stop();
    if (this.version === '') return;
    // Otherwise it is forgotten after a minute.
    await this.tasks.attempt('heartbeat', () =>
      this.database.transaction((tx) => this.repository.leave(tx, this.replicaId)),
    );
  }

  private async beat(): Promise<number> {
    try {
      await this.join(this.version);
      this.wrong = null;
      return BEAT_MS;
    } catch (error) {
      if (error instanceof WrongKeyError) this.suspend(error);
      throw error;
    }
  }

  private async join(version: string): Promise<void> {
    const startedAt = performance.now();
    const replica = { id: this.replicaId, version, keys: this.checkValues() };
    await this.states.verify((tx) => this.repository.beat(tx, replica, this.clock.now()));
    this.leasedAt = startedAt;
  }

  /** A key became active without this replica: what it would write, others could not read. */
  private suspend(error: WrongKeyError): void {
    if (this.wrong?.message !== error.message) this.logger.fatal({}, error.message);
    this.wrong = error;
    this.leasedAt = Number.NEGATIVE_INFINITY;
  }

  private assertLeased(): void {
    if (performance.now() - this.leasedAt > LEASE_MS)
      throw unavailable(this.wrong ?? new Error('no heartbeat: the states of the keys may have changed'));
  }

  private checkValues(): Record<string, string> {
    const keys = KEY_PURPOSES.flatMap((purpose) => this.keyRing.known(purpose));
    return Object.fromEntries(keys.map((key) => [`${key.purpose}/${key.id}`, keyCheckValue(key)]));
  }
}

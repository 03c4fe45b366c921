import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock, Logger, MINUTE, Semaphore, type SideTask, SideTasks } from '@countersign/runtime';
import { equalsConstantTime, KEY_PURPOSES, KeyRing, keyCheckValue, type RingKey } from '@countersign/crypto';
import { Database, keyMissing, Notifications, unavailable } from '@countersign/database';
import { KEYS_CHANNEL, KeyChecksRepository, type KeyCheckRow } from './store/key-checks.repository';
import { keyEvents } from './keys.feature';

export class WrongKeyError extends Error {
  override readonly name = 'WrongKeyError';
}

/** Before the first migration, there is nothing to compare. @throws WrongKeyError */
export async function compareRing(manager: EntityManager, keyRing: KeyRing): Promise<void> {
  const repository = new KeyChecksRepository();
  if (await repository.exist(manager)) assertBelongs(keyRing, await repository.findAll(manager));
}

/**
 * Compares the ring with the keys that were the first of a list here, until `keys rewrap` leaves nothing under them. A
 * missing key would make rows unreadable or create second users. So a missing, wrong or retired first key stops the
 * boot, and a running replica answers 503. The ring gives no key until the first keys are recorded.
 */
@Injectable()
export class RingCheck implements BeforeApplicationShutdown {
  private readonly watching: SideTask;
  /** Two SIGHUPs are handled in their order, and a comparison never uses a ring that is replaced meanwhile. */
  private readonly turns = new Semaphore(1);
  private wrong: WrongKeyError | null = null;

  constructor(
    private readonly database: Database,
    private readonly repository: KeyChecksRepository,
    private readonly keyRing: KeyRing,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly logger: Logger,
    notifications: Notifications,
    tasks: SideTasks,
  ) {
    keyRing.withhold(() => {
      throw unavailable(new Error('the key ring is not compared with the database yet'));
    });
    this.watching = tasks.loop('key-ring', () => this.turns.run(() => this.compareAgain()));
    const wake = (): void => this.watching.wake();
    notifications.subscribe(KEYS_CHANNEL, { onMessage: wake, onGap: wake });
  }

  /** Whether this replica must not use its ring. The log gives the reason. */
  get isWrong(): boolean {
    return this.wrong !== null;
  }

  /** Whether the table exists. The migration creates it. */
  async canVerify(): Promise<boolean> {
    return this.database.read((manager) => this.repository.exist(manager));
  }

  async isFirst(): Promise<boolean> {
    return (await this.database.read((manager) => this.repository.findAll(manager))).length === 0;
  }

  /**
   * Records nothing. @returns false when the first keys are not recorded yet: nothing can be sealed under them
   * @throws WrongKeyError naming the key's id and purpose, never its value
   */
  async compare(): Promise<boolean> {
    return this.turns.run(async () => {
      const known = await this.database.read((manager) => this.repository.findAll(manager));
      assertBelongs(this.keyRing, known);
      const isRecorded = this.newOf(this.keyRing, known).length === 0;
      if (isRecorded) this.keyRing.release();
      return isRecorded;
    });
  }

  /**
   * Records the ring's first keys before anything is sealed under them.
   * @param ring replaces the present ring from then on @throws WrongKeyError; the ring stays as it is
   */
  async verify(ring: KeyRing = this.keyRing): Promise<void> {
    await this.turns.run(() => this.use(ring));
  }

  /** Compares again each minute, and when another process records a key. */
  watch(): void {
    this.watching.start(MINUTE);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.watching.stop();
  }

  private async use(ring: KeyRing): Promise<void> {
    const isRecorded = (known: readonly KeyCheckRow[]): boolean => {
      assertBelongs(ring, known);
      return this.newOf(ring, known).length === 0;
    };
    const isComplete = isRecorded(await this.database.read((manager) => this.repository.findAll(manager)));
    if (!isComplete) {
      await this.database.transaction(async (tx) => {
        await this.repository.lock(tx);
        const known = await this.repository.findAll(tx);
        if (!isRecorded(known)) await this.record(tx, this.newOf(ring, known), known);
      });
    }
    this.keyRing.replaceBy(ring);
    this.wrong = null;
  }

  private async compareAgain(): Promise<number> {
    try {
      await this.use(this.keyRing);
    } catch (error) {
      if (!(error instanceof WrongKeyError)) throw error;
      if (this.wrong?.message !== error.message) this.logger.fatal({}, error.message);
      this.wrong = error;
      this.keyRing.withhold(() => {
        throw keyMissing(error);
      });
    }
    return MINUTE;
  }

  private newOf(ring: KeyRing, known: readonly KeyCheckRow[]): readonly KeyCheckRow[] {
    const createdAt = this.clock.now();
    return KEY_PURPOSES.map((purpose) => ring.known(purpose)[0])
      .filter(({ purpose, id }) => !known.some((row) => row.purpose === purpose && row.keyId === id))
      .map((key) => ({
        purpose: key.purpose,
        keyId: key.id,
        value: keyCheckValue(key),
        createdAt,
        retiredAt: null,
      }));
  }

  private async record(
    tx: EntityManager,
    added: readonly KeyCheckRow[],
    known: readonly KeyCheckRow[],
  ): Promise<void> {
    await this.repository.insert(tx, added);
    for (const { purpose, keyId: subject } of added)
      if (known.some((row) => row.purpose === purpose))
        await this.audit.recordByOperator(tx, keyEvents.keyRotated, { subject, details: { purpose } });
  }
}

/** Retires the ring's keys that are retired in the database, also if they have another id there. */
function assertBelongs(keyRing: KeyRing, known: readonly KeyCheckRow[]): void {
  const retiredIds = new Set<string>();
  for (const { purpose, keyId, value, retiredAt } of known) {
    const keys = keyRing.known(purpose);
    const isSame = (key: RingKey): boolean => equalsConstantTime(keyCheckValue({ ...key, id: keyId }), value);
    const key = keys.find(({ id }) => id === keyId);
    if (!key && !retiredAt)
      throw new WrongKeyError(
        `The key ring lacks the ${purpose} key ${keyId}, which this database was used with: start with the key ring that belongs to this database.`,
      );
    if (key && !isSame(key))
      throw new WrongKeyError(
        `The ${purpose} key ${keyId} is not the one that this database was used with: start with the key ring that belongs to this database.`,
      );
    if (!retiredAt) continue;
    for (const { id } of keys.filter(isSame)) retiredIds.add(id);
    if (retiredIds.has(keys[0].id))
      throw new WrongKeyError(
        `The ${purpose} key ${keys[0].id}, the first one in ${keyRing.source}, was retired at ${retiredAt.toISOString()}: use the key ring of the other replicas, and send SIGHUP where the service runs.`,
      );
  }
  keyRing.retire(retiredIds);
}

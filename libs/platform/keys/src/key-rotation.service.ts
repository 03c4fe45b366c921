import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, type AuditAction, operator } from '@countersign/audit';
import { Clock, plusSeconds } from '@countersign/clock';
import { KEY_PURPOSES, KeyRing, keyCheckValue, type KeyPurpose, type RingKey } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { KeyProgressRepository, type KeyProgress } from './store/key-progress.repository';
import { KeyFeatures } from './key-work';
import { ringKeyError } from './keys.errors';
import { LAG_SECONDS, Rewrapping } from './rewrapping';
import { RingKeysRepository, type LiveReplica, type RingKeyRow } from './store/ring-keys.repository';
import { rowOf } from './ring-states';

/** The longest that a value which cannot be rewrapped needs the key that it was sealed or tagged under. */
const SETTLING_SECONDS = 600;

export interface KeysStatus {
  readonly keys: readonly RingKeyRow[];
  readonly replicas: readonly LiveReplica[];
  readonly progress: readonly KeyProgress[];
}

/** Changes which keys of the ring are used, for all replicas at once. */
@Injectable()
export class KeyRotation {
  constructor(
    private readonly database: Database,
    private readonly repository: RingKeysRepository,
    private readonly progress: KeyProgressRepository,
    private readonly rewrapping: Rewrapping,
    private readonly features: KeyFeatures,
    private readonly keyRing: KeyRing,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async status(): Promise<KeysStatus> {
    return this.database.read(async (manager) => ({
      keys: await this.repository.findAll(manager),
      replicas: await this.repository.findLive(manager),
      progress: await this.progress.findAll(manager),
    }));
  }

  /** Seconds since the active key of each purpose became active. */
  async agesOfActive(): Promise<Readonly<Record<string, number>>> {
    const keys = await this.database.read((manager) => this.repository.findAll(manager));
    const active = keys.filter(({ state }) => state === 'active');
    const now = this.clock.now().getTime();
    return Object.fromEntries(
      active.map(({ purpose, changedAt }) => [purpose, (now - changedAt.getTime()) / 1_000]),
    );
  }

  /** How many values are not at the active key yet, as the background job last counted. */
  async remaining(): Promise<Readonly<Record<string, number>>> {
    const progress = await this.database.read((manager) => this.progress.findAll(manager));
    return Object.fromEntries(progress.map(({ work, remaining }) => [work, remaining]));
  }

  /** Records a key that is about to be given to the replicas. Idempotent. */
  async add(key: RingKey): Promise<void> {
    await this.change('ring_key.added', async (tx, known) => {
      if (known.some(({ purpose, keyId }) => purpose === key.purpose && keyId === key.id)) return null;
      await this.repository.insert(tx, [rowOf(key, 'known', this.clock.now())]);
      return { purpose: key.purpose, keyId: key.id };
    });
  }

  /**
   * Makes a known key active at all replicas. Idempotent.
   * @throws AppError ring_key.not_found, ring_key.not_newer, ring_key.unknown_to_replicas
   */
  async rotate(keyId: string): Promise<{ readonly keyId: string; readonly formerId: string | null }> {
    const key = this.keyOfRing(keyId);
    let formerId: string | null = null;
    await this.change('ring_key.rotated', async (tx, known) => {
      const active = known.find(({ purpose, state }) => purpose === key.purpose && state === 'active');
      if (!active || active.keyId === keyId) return null;
      const row = known.find((other) => other.purpose === key.purpose && other.keyId === keyId);
      if (key.epoch <= active.epoch || (row && row.state !== 'known'))
        throw ringKeyError('ring_key.not_newer');
      await this.assertKnownToAll(tx, key);
      const now = this.clock.now();
      await this.repository.insert(tx, [rowOf(key, 'known', now)]);
      await this.repository.setState(tx, active, 'retiring', now);
      await this.repository.setState(tx, { purpose: key.purpose, keyId }, 'active', now);
      const check = { purpose: key.purpose, keyId, value: keyCheckValue(key), createdAt: now };
      await this.repository.insertChecks(tx, [check]);
      formerId = active.keyId;
      return { purpose: key.purpose, keyId };
    });
    return { keyId, formerId };
  }

  /**
   * Ends the use of a key that was active. Its secret may be destroyed afterwards, as far as this database
   * goes. Idempotent.
   * @param isDespiteHolders a token key may go while tokens made with it are valid: they end
   * @throws AppError ring_key.not_found, ring_key.active, ring_key.never_active, ring_key.too_early,
   * ring_key.in_use
   */
  async retire(keyId: string, isDespiteHolders = false): Promise<void> {
    const { key, active } = await this.find(keyId);
    if (key.state === 'retired') return;
    if (key.state === 'active') throw ringKeyError('ring_key.active');
    if (key.state === 'known') throw ringKeyError('ring_key.never_active');
    await this.assertSettled(key, active);
    await this.assertUnused(key, active, isDespiteHolders);
    await this.endUse('ring_key.retired', key, 'retiring');
  }

  /**
   * Takes back a key that was added by mistake. Idempotent.
   * @throws AppError ring_key.not_found, ring_key.active, ring_key.was_active, ring_key.in_use
   */
  async drop(keyId: string): Promise<void> {
    const { key } = await this.find(keyId);
    if (key.state === 'retired') return;
    if (key.state === 'active') throw ringKeyError('ring_key.active');
    if (key.state === 'retiring') throw ringKeyError('ring_key.was_active');
    if (key.purpose === 'sealing') await this.assertUnused(key, key, false);
    await this.endUse('ring_key.dropped', key, 'known');
  }

  private async endUse(action: AuditAction, key: RingKeyRow, from: RingKeyRow['state']): Promise<void> {
    await this.change(action, async (tx, known) => {
      const current = known.find(({ purpose, keyId }) => purpose === key.purpose && keyId === key.keyId);
      if (current?.state === 'retired') return null;
      if (current && current.state !== from) throw ringKeyError('ring_key.active');
      await this.repository.insert(tx, [key]);
      await this.repository.setState(tx, key, 'retired', this.clock.now());
      await this.repository.deleteCheck(tx, key);
      return key;
    });
  }

  private async find(keyId: string): Promise<{ readonly key: RingKeyRow; readonly active: RingKeyRow }> {
    const known = await this.database.read((manager) => this.repository.findAll(manager));
    const key = known.find((row) => row.keyId === keyId) ?? this.unrecorded(keyId);
    const active = known.find(({ purpose, state }) => purpose === key.purpose && state === 'active');
    if (!active) throw ringKeyError('ring_key.not_found');
    return { key, active };
  }

  /** A key that was written into the ring without `keys add`. */
  private unrecorded(keyId: string): RingKeyRow {
    return rowOf(this.keyOfRing(keyId), 'known', this.clock.now());
  }

  private keyOfRing(keyId: string): RingKey {
    const key = KEY_PURPOSES.flatMap((purpose) => this.keyRing.known(purpose)).find(({ id }) => id === keyId);
    if (!key) throw ringKeyError('ring_key.not_found');
    return key;
  }

  /** With this very secret, not only with a key of this id. */
  private async assertKnownToAll(tx: EntityManager, key: RingKey): Promise<void> {
    const live = await this.repository.findLive(tx);
    const name = `${key.purpose}/${key.id}`;
    const lacking = live.filter(({ keys }) => keys[name] !== keyCheckValue(key));
    if (lacking.length === 0) return;
    const detail = `${lacking.length} of ${live.length} replicas lack ${key.id}, or have another secret under this id: ${lacking.map(({ id }) => id).join(', ')}.`;
    throw ringKeyError('ring_key.unknown_to_replicas', { detail });
  }

  /** Caches, transactions in progress, pairs that may be repeated. */
  private async assertSettled(key: RingKeyRow, active: RingKeyRow): Promise<void> {
    const progress = await this.database.read((manager) => this.progress.findAll(manager));
    const names = this.rewrapping.work
      .filter(({ purpose }) => purpose === key.purpose)
      .map(({ name }) => name);
    const settled = [
      plusSeconds(key.changedAt, SETTLING_SECONDS),
      plusSeconds(active.changedAt, SETTLING_SECONDS),
      ...progress.flatMap(({ work, changedAt }) =>
        changedAt && names.includes(work) ? [plusSeconds(changedAt, LAG_SECONDS)] : [],
      ),
    ];
    const at = settled.reduce((latest, other) => (other > latest ? other : latest));
    if (this.clock.now() < at)
      throw ringKeyError('ring_key.too_early', { detail: `Try again after ${at.toISOString()}.` });
  }

  private async assertUnused(
    { purpose, keyId, changedAt }: RingKeyRow,
    active: RingKeyRow,
    isDespiteHolders: boolean,
  ): Promise<void> {
    const key = { keyId, activeId: active.keyId, since: changedAt };
    const counts = await this.database.read(async (manager) => {
      const found: string[] = [];
      for (const work of this.rewrapping.work.filter((one) => one.purpose === purpose)) {
        const count = await work.countNeeding(manager, key);
        if (count > 0) found.push(`${count} of ${work.name}`);
      }
      if (isDespiteHolders && purpose === 'token') return found;
      for (const holder of this.features.holders.filter((one) => one.purpose === purpose)) {
        const count = await holder.countHolding(manager, key, this.clock.now());
        if (count > 0) found.push(`${count} ${holder.holds}`);
      }
      return found;
    });
    if (counts.length > 0)
      throw ringKeyError('ring_key.in_use', { detail: `They are ${counts.join(', ')}.` });
  }

  private async change(
    action: AuditAction,
    work: (
      tx: EntityManager,
      known: readonly RingKeyRow[],
    ) => Promise<{ readonly purpose: KeyPurpose; readonly keyId: string } | null>,
  ): Promise<void> {
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      await this.repository.lock(tx);
      const changed = await work(tx, await this.repository.findAll(tx));
      if (changed === null) return;
      await this.audit.record(tx, action, {
        actor: operator(),
        subject: changed.keyId,
        details: { purpose: changed.purpose },
      });
      await this.repository.notify(tx);
    });
  }
}

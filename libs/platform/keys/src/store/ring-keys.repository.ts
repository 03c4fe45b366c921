import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { KeyPurpose } from '@countersign/crypto';
import { columns, firstRow, rows } from '@countersign/database';
import type { KeyCheck } from './key-check.entity';
import type { ReplicaEntity } from './replica.entity';
import type { RingKeyEntity, RingKeyState } from './ring-key.entity';

export type RingKeyRow = Readonly<RingKeyEntity>;
type KeyCheckRow = Omit<KeyCheck, 'purpose'> & { readonly purpose: KeyPurpose };

/** A process that was heard of within the last minute. */
export type LiveReplica = Readonly<ReplicaEntity>;

const RING_KEY = columns<RingKeyRow>({
  purpose: 'text',
  keyId: 'text',
  epoch: 'integer',
  state: 'text',
  checkValue: 'text',
  changedAt: 'timestamptz',
});
const KEY_CHECK = columns<KeyCheckRow>({
  purpose: 'text',
  keyId: 'text',
  value: 'text',
  createdAt: 'timestamptz',
});
const REPLICA = columns<LiveReplica>({
  id: 'uuid',
  version: 'text',
  keys: 'jsonb',
  clockSkewSeconds: 'integer',
  startedAt: 'timestamptz',
  seenAt: 'timestamptz',
});

const LOCK = 'countersign/ring-keys';
export const RING_CHANNEL = 'countersign_ring_keys_changed';
/** Longer than a replica uses its ring without a heartbeat. */
const LIVE = `interval '60 seconds'`;
const MAX_SKEW_SECONDS = 1_000_000_000;

const BEAT = `
  INSERT INTO replicas (${REPLICA.names})
  SELECT $1::uuid, $2::text, $3::jsonb,
    round(greatest(-${MAX_SKEW_SECONDS}, least(${MAX_SKEW_SECONDS}, extract(epoch FROM $4::timestamptz - clock_timestamp()))))::integer,
    clock_timestamp(), clock_timestamp()
  ON CONFLICT (id) DO UPDATE SET keys = excluded.keys, clock_skew_seconds = excluded.clock_skew_seconds,
    seen_at = excluded.seen_at`;

/** The states of the ring's keys, and the heartbeats of the replicas. */
@Injectable()
export class RingKeysRepository {
  /** Whether the tables exist: they do not before the migration. */
  async exist(manager: EntityManager): Promise<boolean> {
    const found = await firstRow<{ isThere: boolean }>(
      manager,
      `SELECT to_regclass('key_checks') IS NOT NULL AND to_regclass('ring_keys') IS NOT NULL AS "isThere"`,
    );
    return found?.isThere === true;
  }

  /** Until the end of the transaction no key changes its state. */
  async share(tx: EntityManager): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock_shared(hashtext($1))', [LOCK]);
  }

  /** Until the end of the transaction no replica starts, beats or changes a key. */
  async lock(tx: EntityManager): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [LOCK]);
  }

  async findAll(manager: EntityManager): Promise<readonly RingKeyRow[]> {
    return rows<RingKeyRow>(
      manager,
      `SELECT ${RING_KEY.selected} FROM ring_keys ORDER BY purpose, epoch, key_id`,
    );
  }

  /** Keys that are there already stay as they are. A second active key of a purpose is not added. */
  async insert(tx: EntityManager, keys: readonly RingKeyRow[]): Promise<void> {
    await tx.query(
      `INSERT INTO ring_keys (${RING_KEY.names}) ${RING_KEY.unnest()} ON CONFLICT DO NOTHING`,
      RING_KEY.arraysOf(keys),
    );
  }

  async setState(
    tx: EntityManager,
    { purpose, keyId }: Pick<RingKeyRow, 'purpose' | 'keyId'>,
    state: RingKeyState,
    changedAt: Date,
  ): Promise<void> {
    await tx.query(`UPDATE ring_keys SET state = $3, changed_at = $4 WHERE (purpose, key_id) = ($1, $2)`, [
      purpose,
      keyId,
      state,
      changedAt,
    ]);
  }

  /** The keys that the previous version requires in every ring. */
  async findChecks(manager: EntityManager): Promise<readonly KeyCheckRow[]> {
    return rows<KeyCheckRow>(manager, `SELECT ${KEY_CHECK.selected} FROM key_checks`);
  }

  async insertChecks(tx: EntityManager, checks: readonly KeyCheckRow[]): Promise<void> {
    await tx.query(
      `INSERT INTO key_checks (${KEY_CHECK.names}) ${KEY_CHECK.unnest()} ON CONFLICT DO NOTHING`,
      KEY_CHECK.arraysOf(checks),
    );
  }

  async deleteCheck(
    tx: EntityManager,
    { purpose, keyId }: Pick<RingKeyRow, 'purpose' | 'keyId'>,
  ): Promise<void> {
    await tx.query('DELETE FROM key_checks WHERE (purpose, key_id) = ($1, $2)', [purpose, keyId]);
  }

  /** Tells all replicas, when the transaction commits. */
  async notify(tx: EntityManager): Promise<void> {
    await tx.query(`SELECT pg_notify($1, '')`, [RING_CHANNEL]);
  }

  /** @param now of this machine, to tell how far it is from that of the database */
  async beat(
    tx: EntityManager,
    { id, version, keys }: Pick<LiveReplica, 'id' | 'version' | 'keys'>,
    now: Date,
  ): Promise<void> {
    await tx.query(BEAT, [id, version, JSON.stringify(keys), now]);
  }

  async leave(tx: EntityManager, id: string): Promise<void> {
    await tx.query(`DELETE FROM replicas WHERE id = $1 OR seen_at < clock_timestamp() - ${LIVE}`, [id]);
  }

  async findLive(manager: EntityManager): Promise<readonly LiveReplica[]> {
    return rows<LiveReplica>(
      manager,
      `SELECT ${REPLICA.selected} FROM replicas WHERE seen_at >= clock_timestamp() - ${LIVE} ORDER BY started_at, id`,
    );
  }
}

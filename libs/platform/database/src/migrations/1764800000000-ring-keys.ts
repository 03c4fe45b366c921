import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which key of the ring is active is decided here, for all replicas at once. See ADR 0039. Replicas of the
 * previous version go on with the `active` of their own document.
 */
export class RingKeys1764800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ring_keys (
        purpose text NOT NULL,
        key_id text NOT NULL,
        epoch integer NOT NULL,
        state text NOT NULL,
        check_value text NOT NULL,
        changed_at timestamptz NOT NULL,
        CONSTRAINT pk_ring_keys PRIMARY KEY (purpose, key_id),
        CONSTRAINT chk_ring_keys_purpose CHECK (purpose IN ('sealing', 'index', 'token')),
        CONSTRAINT chk_ring_keys_state CHECK (state IN ('known', 'active', 'retiring', 'retired'))
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX uq_ring_keys_active ON ring_keys (purpose) WHERE state = 'active'`,
    );
    await runner.query(`
      CREATE TABLE replicas (
        id uuid NOT NULL,
        version text NOT NULL,
        keys jsonb NOT NULL,
        clock_skew_seconds integer NOT NULL,
        started_at timestamptz NOT NULL,
        seen_at timestamptz NOT NULL,
        CONSTRAINT pk_replicas PRIMARY KEY (id)
      )`);
    await runner.query(`
      CREATE TABLE key_progress (
        work text NOT NULL,
        key_id text NOT NULL,
        position text NOT NULL,
        done integer NOT NULL,
        remaining integer NOT NULL,
        is_complete boolean NOT NULL,
        pass_started_at timestamptz NOT NULL,
        changed_at timestamptz,
        CONSTRAINT pk_key_progress PRIMARY KEY (work),
        CONSTRAINT chk_key_progress_counts CHECK (done >= 0 AND remaining >= 0)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['key_progress', 'replicas', 'ring_keys']) await runner.query(`DROP TABLE ${table}`);
  }
}

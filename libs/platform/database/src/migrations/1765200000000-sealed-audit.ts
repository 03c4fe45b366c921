import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Codes of audit records, and the blocks that seal them. See ADR 0042. */
export class SealedAudit1765200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A constant first: a default that is a function would rewrite every partition.
    await runner.query(`
      ALTER TABLE audit_records
        ADD COLUMN request_id text,
        ADD COLUMN mac_key_id text,
        ADD COLUMN mac bytea,
        ADD COLUMN xid bigint NOT NULL DEFAULT 0`);
    await runner.query(
      'ALTER TABLE audit_records ALTER COLUMN xid SET DEFAULT ((pg_current_xact_id())::text)::bigint',
    );
    await runner.query(`
      CREATE TABLE audit_blocks (
        number integer NOT NULL,
        day date,
        record_count integer NOT NULL,
        first_at timestamptz,
        first_id uuid,
        last_at timestamptz,
        last_id uuid,
        root bytea NOT NULL,
        previous bytea NOT NULL,
        sealed_at timestamptz NOT NULL,
        key_id text NOT NULL,
        new_key_id text,
        new_public_key bytea,
        signature bytea NOT NULL,
        CONSTRAINT pk_audit_blocks PRIMARY KEY (number),
        CONSTRAINT uq_audit_blocks_previous UNIQUE (previous),
        CONSTRAINT chk_audit_blocks_count CHECK (record_count >= 0)
      )`);
    await runner.query('CREATE INDEX ix_audit_blocks_day ON audit_blocks (day)');
    await runner.query(`
      CREATE TABLE audit_block_leaves (
        block integer NOT NULL,
        day date NOT NULL,
        first_at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        lowest_xid bigint NOT NULL,
        highest_xid bigint NOT NULL,
        leaves bytea NOT NULL,
        CONSTRAINT pk_audit_block_leaves PRIMARY KEY (block)
      )`);
    await runner.query('CREATE INDEX ix_audit_block_leaves_day ON audit_block_leaves (day)');
    await runner.query(`
      CREATE TABLE audit_days (
        day date NOT NULL,
        sealed_below bigint NOT NULL,
        is_closed boolean NOT NULL,
        CONSTRAINT pk_audit_days PRIMARY KEY (day)
      )`);
    await runner.query(`
      CREATE TABLE audit_keys (
        id text NOT NULL,
        public_key bytea NOT NULL,
        private_key text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_audit_keys PRIMARY KEY (id)
      )`);
    await runner.query(`
      CREATE TABLE audit_retention (
        id integer NOT NULL,
        days integer NOT NULL,
        CONSTRAINT pk_audit_retention PRIMARY KEY (id),
        CONSTRAINT chk_audit_retention_id CHECK (id = 1)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['audit_retention', 'audit_keys', 'audit_days', 'audit_block_leaves', 'audit_blocks'])
      await runner.query(`DROP TABLE ${table}`);
    await runner.query(`
      ALTER TABLE audit_records
        DROP COLUMN request_id, DROP COLUMN mac_key_id, DROP COLUMN mac, DROP COLUMN xid`);
  }
}

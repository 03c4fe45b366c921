import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requested erasures of accounts. Replicas of the previous version do not know them, and go on signing people in. */
export class Erasures1764700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users
        ADD COLUMN erasure text,
        ADD CONSTRAINT chk_users_erasure CHECK (erasure IN ('closed', 'open')) NOT VALID`);
    await runner.query(`
      CREATE TABLE user_erasures (
        user_id uuid NOT NULL,
        kind text NOT NULL,
        reason text NOT NULL,
        assurance text,
        application_id uuid,
        bots text[] NOT NULL,
        requested_at timestamptz NOT NULL,
        erase_at timestamptz NOT NULL,
        started_at timestamptz,
        CONSTRAINT pk_user_erasures PRIMARY KEY (user_id),
        CONSTRAINT fk_user_erasures_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT fk_user_erasures_application FOREIGN KEY (application_id) REFERENCES applications (id),
        CONSTRAINT chk_user_erasures_kind CHECK (kind IN ('closed', 'open')),
        CONSTRAINT chk_user_erasures_reason CHECK (reason IN ('person', 'operator', 'idle', 'restore')),
        CONSTRAINT chk_user_erasures_assurance CHECK (assurance IN ('vendor', 'bot-token', 'platform'))
      )`);
    await runner.query(`CREATE INDEX ix_user_erasures_erase_at ON user_erasures (erase_at)`);
    await runner.query(`
      CREATE TABLE erasure_marks (
        is_only boolean DEFAULT true,
        lineage uuid NOT NULL,
        mark bigint NOT NULL,
        next_mark bigint NOT NULL,
        marked_at timestamptz NOT NULL,
        CONSTRAINT pk_erasure_marks PRIMARY KEY (is_only),
        CONSTRAINT chk_erasure_marks_only CHECK (is_only)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE erasure_marks`);
    await runner.query(`DROP TABLE user_erasures`);
    await runner.query(`ALTER TABLE users DROP COLUMN erasure`);
  }
}

export class ErasuresCheck1764700000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users VALIDATE CONSTRAINT chk_users_erasure`);
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/*
 * The identity that opened a session belongs to the session's user, so sessions of an identity are found by
 * user id: one index less to write per sign-in. Each step is a transaction of its own, to keep locks short:
 * the first blocks only new accounts and changed profiles while it creates its index, and the third reads all
 * sessions without blocking. Replicas of the previous version keep working between the steps and afterwards:
 * their merges are checked at COMMIT.
 */

export class OwnIdentitiesIndex1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE UNIQUE INDEX uq_identities_user ON identities (user_id, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX uq_identities_user`);
  }
}

export class OwnIdentitiesOfNewSessions1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE sessions
        ADD CONSTRAINT fk_sessions_own_identity FOREIGN KEY (user_id, identity_id) REFERENCES identities (user_id, id)
        ON DELETE SET NULL (identity_id) DEFERRABLE INITIALLY DEFERRED NOT VALID`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE sessions DROP CONSTRAINT fk_sessions_own_identity`);
  }
}

export class OwnIdentitiesOfAllSessions1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE sessions VALIDATE CONSTRAINT fk_sessions_own_identity`);
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

export class OneIndexLess1764000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE sessions DROP CONSTRAINT fk_sessions_identity`);
    await runner.query(`DROP INDEX ix_sessions_identity`);
    await runner.query(`DROP INDEX ix_identities_user`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX ix_identities_user ON identities (user_id)`);
    await runner.query(`CREATE INDEX ix_sessions_identity ON sessions (identity_id)`);
    await runner.query(
      `ALTER TABLE sessions
        ADD CONSTRAINT fk_sessions_identity FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE SET NULL`,
    );
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/*
 * The identity that opened a session belongs to the user of the session, so that the sessions of an identity are found by the
 * user's: one index less to write for each sign-in. In steps, each its own transaction, so that nobody waits for long: only new
 * accounts and changed profiles while the first makes its index, and nobody while the third reads all sessions.
 * Replicas of the version before go on working in between and afterwards: what they merge is looked at when they commit.
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

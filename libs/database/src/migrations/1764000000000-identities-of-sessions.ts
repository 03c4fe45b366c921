import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The identity that opened a session belongs to the user of the session, so that the sessions of an identity are found by the
 * user's: one index less to write for each sign-in. Reads all sessions once, some seconds for each million.
 * Replicas of the version before go on working on this schema: it is looked at when they commit.
 */
const up = [
  `ALTER TABLE identities ADD CONSTRAINT uq_identities_user UNIQUE (user_id, id)`,
  `DROP INDEX ix_identities_user`,
  `ALTER TABLE sessions DROP CONSTRAINT fk_sessions_identity`,
  `ALTER TABLE sessions
    ADD CONSTRAINT fk_sessions_identity FOREIGN KEY (user_id, identity_id) REFERENCES identities (user_id, id)
    ON DELETE SET NULL (identity_id) DEFERRABLE INITIALLY DEFERRED`,
  `DROP INDEX ix_sessions_identity`,
];

const down = [
  `CREATE INDEX ix_sessions_identity ON sessions (identity_id)`,
  `ALTER TABLE sessions DROP CONSTRAINT fk_sessions_identity`,
  `ALTER TABLE sessions
    ADD CONSTRAINT fk_sessions_identity FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE SET NULL`,
  `CREATE INDEX ix_identities_user ON identities (user_id)`,
  `ALTER TABLE identities DROP CONSTRAINT uq_identities_user`,
];

export class IdentitiesOfSessions1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/*
 * What may be done to an account is decided by the account, and no longer by the application that asks. Replicas of the version
 * before go on working: what they write has no cap, and counts as `bot-token` unless it founded its account.
 */

export class AccountLevel1764400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE installation (
        is_only boolean DEFAULT true,
        account_level text NOT NULL DEFAULT 'platform',
        CONSTRAINT pk_installation PRIMARY KEY (is_only),
        CONSTRAINT chk_installation_only CHECK (is_only),
        CONSTRAINT chk_installation_account_level CHECK (account_level IN ('bot-token', 'platform'))
      )`);
    await runner.query(`INSERT INTO installation DEFAULT VALUES`);
    await runner.query(`
      CREATE TABLE user_applications (
        user_id uuid NOT NULL,
        application_id uuid NOT NULL,
        first_seen_on date NOT NULL,
        last_seen_on date NOT NULL,
        not_before timestamptz,
        CONSTRAINT pk_user_applications PRIMARY KEY (user_id, application_id),
        CONSTRAINT fk_user_applications_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT fk_user_applications_application FOREIGN KEY (application_id) REFERENCES applications (id),
        CONSTRAINT chk_user_applications_seen CHECK (first_seen_on <= last_seen_on)
      )`);
    await runner.query(`
      ALTER TABLE users
        ADD COLUMN platform_proven_at timestamptz,
        ADD COLUMN outranked_at timestamptz`);
    await runner.query(`
      ALTER TABLE identities
        ADD COLUMN platform_fields text[] NOT NULL DEFAULT '{}',
        ADD COLUMN cap text,
        ADD COLUMN attached_at timestamptz,
        ADD COLUMN attached_by text,
        ADD COLUMN attached_with text[] NOT NULL DEFAULT '{}',
        ADD CONSTRAINT chk_identities_cap CHECK (cap IN ('vendor', 'bot-token', 'platform')) NOT VALID,
        ADD CONSTRAINT chk_identities_attached CHECK ((attached_at IS NULL) = (attached_by IS NULL)) NOT VALID`);
    await runner.query(`
      ALTER TABLE sessions
        ADD COLUMN step_up_assurance text,
        ADD COLUMN step_up_bot text,
        ADD COLUMN is_of_allowed_bot boolean NOT NULL DEFAULT false`);
    // The Login Widget is off for new applications; whoever relied on the default keeps it.
    await runner.query(`
      UPDATE applications
      SET settings = jsonb_set(
        settings, '{loginWidget}', COALESCE(settings -> 'loginWidget', '{}') || '{"accept": true}'
      )
      WHERE settings #> '{loginWidget,accept}' IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sessions
        DROP COLUMN step_up_assurance, DROP COLUMN step_up_bot, DROP COLUMN is_of_allowed_bot`);
    await runner.query(`
      ALTER TABLE identities
        DROP COLUMN platform_fields, DROP COLUMN cap, DROP COLUMN attached_at, DROP COLUMN attached_by,
        DROP COLUMN attached_with`);
    await runner.query(`ALTER TABLE users DROP COLUMN platform_proven_at, DROP COLUMN outranked_at`);
    await runner.query(`DROP TABLE user_applications`);
    await runner.query(`DROP TABLE installation`);
  }
}

export class AccountLevelChecks1764400000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE identities VALIDATE CONSTRAINT chk_identities_cap`);
    await runner.query(`ALTER TABLE identities VALIDATE CONSTRAINT chk_identities_attached`);
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

/** Found by `identity list --attached-since`: links and merges, which are few. */
export class AttachedIdentitiesIndex1764400000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX ix_identities_attached ON identities (attached_at) WHERE attached_at IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX ix_identities_attached`);
  }
}

/** Sessions of identities that others had attached open nothing stronger than what those are worth now. */
export class SessionsOfAttachedIdentities1764400000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE sessions s SET assurance = 'bot-token'
      FROM identities i JOIN users u ON u.id = i.user_id
      WHERE i.created_at <> u.created_at AND i.cap IS NULL
        AND s.user_id = u.id AND s.identity_id = i.id AND s.assurance = 'platform' AND s.ended_at IS NULL`);
    await runner.query(`
      UPDATE sessions s SET is_of_allowed_bot = true
      FROM applications a
      WHERE a.id = s.application_id AND a.trust = 'first-party'
        AND s.bot_row_id IS NULL AND s.assurance <> 'vendor' AND s.ended_at IS NULL`);
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions of the console, and principals of the company's OpenID provider. */
export class ConsoleSessions1795950000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE principals
        ADD COLUMN provider_subject text,
        ADD CONSTRAINT uq_principals_provider_subject UNIQUE (provider_subject)`);
    await runner.query(`
      ALTER TABLE principal_tokens
        ADD COLUMN session_id uuid,
        ADD COLUMN began_at timestamptz,
        ADD COLUMN ends_at timestamptz,
        ADD CONSTRAINT uq_principal_tokens_session UNIQUE (session_id)`);
  }

  /** Sessions end: the version before would take them for tokens. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM principal_tokens WHERE session_id IS NOT NULL');
    await runner.query('DELETE FROM principals WHERE provider_subject IS NOT NULL');
    await runner.query(
      'ALTER TABLE principal_tokens DROP COLUMN session_id, DROP COLUMN began_at, DROP COLUMN ends_at',
    );
    await runner.query('ALTER TABLE principals DROP COLUMN provider_subject');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When an identity leaves its account. */
export class DelayedUnlinking1765700600001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE identities ADD COLUMN unlinks_at timestamptz');
    await runner.query(
      'CREATE INDEX ix_identities_unlinks ON identities (unlinks_at) WHERE unlinks_at IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE identities DROP COLUMN unlinks_at');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A person confirms the changes of owners that were shown, and no later one. */
export class ChangesOfOwners1766400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wallets ADD COLUMN owners_changes integer NOT NULL DEFAULT 0');
    await runner.query('UPDATE wallets SET owners_changes = 1 WHERE owners_changed_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wallets DROP COLUMN owners_changes');
  }
}

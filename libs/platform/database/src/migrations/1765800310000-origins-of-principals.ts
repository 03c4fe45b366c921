import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who made each principal, issued its secrets, and could act as it. Of principals that exist this is unknown. */
export class OriginsOfPrincipals1765800310000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE principals ADD COLUMN created_by text, ADD COLUMN origins text[]');
    await runner.query('ALTER TABLE principal_secrets ADD COLUMN issued_by text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE principal_secrets DROP COLUMN issued_by');
    await runner.query('ALTER TABLE principals DROP COLUMN origins, DROP COLUMN created_by');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The secrets that each principal has. The first start fills it for principals that exist. See ADR 0056. */
export class SecretsOfPrincipals1765800900000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE principals ADD COLUMN secret_ids uuid[] DEFAULT '{}' NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE principals DROP COLUMN secret_ids');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Merges after which an embedded wallet waits no more. */
export class SettledWallets1769000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE embedded_wallets ADD COLUMN settled_merges uuid[] NOT NULL DEFAULT '{}'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE embedded_wallets DROP COLUMN settled_merges');
  }
}

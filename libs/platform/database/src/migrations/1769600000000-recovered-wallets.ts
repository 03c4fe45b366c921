import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When another account recovered an embedded wallet. */
export class RecoveredWallets1769600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE embedded_wallets ADD COLUMN recovered_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE embedded_wallets DROP COLUMN recovered_at');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Embedded wallets that are frozen, and the brake for all. */
export class FrozenWallets1766810000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE embedded_wallets ADD COLUMN frozen_at timestamptz, ADD COLUMN frozen_by text,
      ADD CONSTRAINT chk_embedded_wallets_frozen CHECK ((frozen_at IS NULL) = (frozen_by IS NULL))`);
    await runner.query(`CREATE TABLE wallet_brake (
      is_on boolean NOT NULL,
      reason text NOT NULL,
      applied_at timestamptz NOT NULL,
      CONSTRAINT pk_wallet_brake PRIMARY KEY (is_on),
      CONSTRAINT chk_wallet_brake_one CHECK (is_on)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE wallet_brake');
    await runner.query('ALTER TABLE embedded_wallets DROP COLUMN frozen_at, DROP COLUMN frozen_by');
  }
}

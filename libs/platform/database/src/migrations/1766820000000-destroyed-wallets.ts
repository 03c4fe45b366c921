import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys that the custody process is still to destroy. */
export class DestroyedWallets1766820000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE wallet_destructions (
      wallet_id uuid NOT NULL,
      call_id uuid NOT NULL,
      requested_at timestamptz NOT NULL,
      CONSTRAINT pk_wallet_destructions PRIMARY KEY (wallet_id)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE wallet_destructions');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Wallets of TON whose key may change are checked again, as contract wallets are. Existing ones are after their next proof. */
export class KeysOfTonWallets1766000300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wallets ADD COLUMN key_may_change boolean NOT NULL DEFAULT false');
    await runner.query(
      'CREATE INDEX ix_wallets_checked ON wallets (checked_at, id) WHERE chain_id IS NOT NULL OR key_may_change',
    );
    await runner.query('DROP INDEX ix_wallets_contract');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX ix_wallets_contract ON wallets (checked_at, id) WHERE chain_id IS NOT NULL',
    );
    await runner.query('DROP INDEX ix_wallets_checked');
    await runner.query('ALTER TABLE wallets DROP COLUMN key_may_change');
  }
}

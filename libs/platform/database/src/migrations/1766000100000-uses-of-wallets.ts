import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Contract wallets are for looking until their person allows more. Those that founded their account go on signing in. */
export class UsesOfWallets1766000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wallets ADD COLUMN sign_in_allowed_at timestamptz');
    await runner.query(`
      UPDATE wallets w SET sign_in_allowed_at = w.linked_at
      FROM identities i JOIN users u ON u.id = i.user_id
      WHERE i.id = w.identity_id AND w.chain_id IS NOT NULL AND i.attached_at IS NULL AND i.created_at = u.created_at`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wallets DROP COLUMN sign_in_allowed_at');
  }
}

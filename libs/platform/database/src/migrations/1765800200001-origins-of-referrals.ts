import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the sign-ins of referred people rest on where the platform did not sign, so that they are found after a leak. */
export class OriginsOfReferrals1765800200001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE referral_nodes ADD COLUMN origin text');
    await runner.query(
      'CREATE INDEX ix_referral_nodes_origin ON referral_nodes (origin, created_at) WHERE origin IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE referral_nodes DROP COLUMN origin');
  }
}

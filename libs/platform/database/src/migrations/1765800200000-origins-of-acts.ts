import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What acts in teams rest on where the platform did not sign, so that they are found after a leak. */
export class OriginsOfActs1765800200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE team_history ADD COLUMN origin text');
    await runner.query(
      'CREATE INDEX ix_team_history_origin ON team_history (origin, at) WHERE origin IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE team_history DROP COLUMN origin');
  }
}

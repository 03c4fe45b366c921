import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which transactions have to end before a day of the audit trail is closed. */
export class EndsOfAuditDays1765600600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_days ADD COLUMN closing_below bigint');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_days DROP COLUMN closing_below');
  }
}

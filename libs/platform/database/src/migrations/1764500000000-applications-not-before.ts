import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The latest `not_before` of a user's applications, on the row that sign-ins lock. See ADR 0036. */
export class ApplicationsNotBefore1764500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users ADD COLUMN applications_not_before timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users DROP COLUMN applications_not_before`);
  }
}

/** Of the instants that are there already, which are few. */
export class KnownApplicationsNotBefore1764500000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE users u SET applications_not_before = visits.latest
      FROM (
        SELECT user_id, max(not_before) AS latest FROM user_applications
        WHERE not_before IS NOT NULL GROUP BY user_id
      ) visits
      WHERE u.id = visits.user_id`);
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What operators see of people: lists by status, provider and attachment, newest first, and how many reveals an operator
 * has made on a day. The indexes have few rows, so that sign-ups write none of them.
 */
export class ListsOfPeople1764920000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX ix_users_deactivated ON users (id) WHERE status = 'deactivated'`);
    await runner.query(`
      CREATE INDEX ix_identities_attached_newest ON identities (id) WHERE attached_at IS NOT NULL`);
    await runner.query(
      `CREATE INDEX ix_identities_not_of_telegram ON identities (id) WHERE provider <> 'telegram'`,
    );
    await runner.query(`
      CREATE TABLE user_reveals (
        actor text NOT NULL,
        day date NOT NULL,
        count integer NOT NULL,
        CONSTRAINT pk_user_reveals PRIMARY KEY (actor)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE user_reveals');
    for (const index of [
      'ix_identities_not_of_telegram',
      'ix_identities_attached_newest',
      'ix_users_deactivated',
    ])
      await runner.query(`DROP INDEX ${index}`);
  }
}

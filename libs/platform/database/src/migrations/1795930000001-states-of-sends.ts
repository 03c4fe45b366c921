import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sends by state, newest first, for operators. */
export class StatesOfSends1795930000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX ix_sends_state ON sends (state, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX ix_sends_state');
  }
}

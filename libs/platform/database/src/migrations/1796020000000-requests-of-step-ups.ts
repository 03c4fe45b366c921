import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What exactly a step-up is for, sealed under its code. */
export class RequestsOfStepUps1796020000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE step_ups ADD COLUMN request bytea');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE step_ups DROP COLUMN request');
  }
}

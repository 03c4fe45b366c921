import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until when the code of a send that waited freezes its wallet. */
export class CodesThatFreeze1796010000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sends ADD COLUMN freeze_until timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sends DROP COLUMN freeze_until');
  }
}

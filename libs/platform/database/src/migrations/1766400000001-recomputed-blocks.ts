import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Blocks whose hash was not recomputed are read from two nodes before they become final. Existing ones count as such. */
export class RecomputedBlocks1766400000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chain_blocks ADD COLUMN is_recomputed boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chain_blocks DROP COLUMN is_recomputed');
  }
}

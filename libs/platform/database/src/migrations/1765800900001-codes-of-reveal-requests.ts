import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Codes of requests for reveals and exports. A request of the version before has none, and counts as none. */
export class CodesOfRevealRequests1765800900001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE reveal_requests ADD COLUMN mac_key_id text, ADD COLUMN mac bytea');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE reveal_requests DROP COLUMN mac_key_id, DROP COLUMN mac');
  }
}

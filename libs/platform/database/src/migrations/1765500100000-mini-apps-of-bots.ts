import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The short name of a bot's Mini App, for links of `t.me`. */
export class MiniAppsOfBots1765500100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE bots ADD COLUMN mini_app_name text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE bots DROP COLUMN mini_app_name');
  }
}

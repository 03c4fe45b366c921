import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A session may name a bot that was removed. The foreign key had no index, so removing a bot read all sessions and wrote
 * those of the bot, in one statement.
 */
export class BotsThatAreGone1763900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP CONSTRAINT fk_sessions_bot');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE sessions s SET bot_row_id = NULL
       WHERE bot_row_id IS NOT NULL AND NOT EXISTS (SELECT FROM bots b WHERE b.id = s.bot_row_id)`,
    );
    await runner.query(
      `ALTER TABLE sessions
        ADD CONSTRAINT fk_sessions_bot FOREIGN KEY (bot_row_id) REFERENCES bots (id) ON DELETE SET NULL`,
    );
  }
}

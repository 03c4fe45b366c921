import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Wallet tokens of Xellar's clients that were used: each is good once. */
export class UsedTokensOfXellar1769500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE xellar_used_tokens (
      token_id uuid NOT NULL,
      expires_at timestamptz NOT NULL,
      CONSTRAINT pk_xellar_used_tokens PRIMARY KEY (token_id)
    )`);
    await runner.query('CREATE INDEX ix_xellar_used_tokens_expires ON xellar_used_tokens (expires_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE xellar_used_tokens');
  }
}

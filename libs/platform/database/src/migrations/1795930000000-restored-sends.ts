import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  'ALTER TABLE erasure_marks ADD COLUMN restored_at timestamptz',
  `CREATE TABLE send_origins (
    chain_id text NOT NULL,
    origin text NOT NULL,
    comparing text,
    restored_at timestamptz,
    CONSTRAINT pk_send_origins PRIMARY KEY (chain_id)
  )`,
  'ALTER TABLE wallet_nonces ADD COLUMN origin text',
];

const down = [
  'ALTER TABLE wallet_nonces DROP COLUMN origin',
  'DROP TABLE send_origins',
  'ALTER TABLE erasure_marks DROP COLUMN restored_at',
];

/** In which database the sends of a chain were last compared with it. */
export class RestoredSends1795930000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}

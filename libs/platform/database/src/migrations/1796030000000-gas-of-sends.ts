import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  'ALTER TABLE sends ADD COLUMN gas text',
  'ALTER TABLE sends ADD COLUMN gas_for uuid',
  'CREATE UNIQUE INDEX uq_sends_gas_for ON sends (gas_for) WHERE gas_for IS NOT NULL',
  `CREATE TABLE funding_account (
    is_only boolean NOT NULL,
    user_id uuid NOT NULL,
    CONSTRAINT pk_funding_account PRIMARY KEY (is_only),
    CONSTRAINT chk_funding_account_one CHECK (is_only),
    CONSTRAINT fk_funding_account_user FOREIGN KEY (user_id) REFERENCES users (id)
  )`,
];

/** What the funding wallet of the company pays for the fees of sends. */
export class GasOfSends1796030000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE funding_account');
    await runner.query('ALTER TABLE sends DROP COLUMN gas_for, DROP COLUMN gas');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `CREATE TABLE account_joins (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    survivor_id uuid NOT NULL,
    merged_user_id uuid NOT NULL,
    identity_ids uuid[] NOT NULL,
    data_key text NOT NULL,
    journal text NOT NULL,
    joined_at timestamptz NOT NULL,
    separable_until timestamptz NOT NULL,
    CONSTRAINT pk_account_joins PRIMARY KEY (id),
    CONSTRAINT uq_account_joins_merged UNIQUE (merged_user_id),
    CONSTRAINT fk_account_joins_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT chk_account_joins_until CHECK (joined_at < separable_until)
  )`,
  'CREATE INDEX ix_account_joins_user ON account_joins (user_id)',
  'CREATE INDEX ix_account_joins_until ON account_joins (separable_until)',
  'ALTER TABLE installation ADD COLUMN separation_days integer NOT NULL DEFAULT 7',
  `ALTER TABLE installation ADD CONSTRAINT chk_installation_separation_days
    CHECK (separation_days BETWEEN 1 AND 30)`,
];

const down = ['ALTER TABLE installation DROP COLUMN separation_days', 'DROP TABLE account_joins'];

/** The journal of merges, by which they are separated again. */
export class Separations1765700600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}

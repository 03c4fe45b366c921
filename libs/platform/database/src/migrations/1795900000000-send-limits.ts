import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  'ALTER TABLE sends ADD COLUMN signed_at timestamptz',
  'ALTER TABLE sends ADD COLUMN is_compat boolean NOT NULL DEFAULT false',
  'UPDATE sends SET signed_at = created_at',
  'CREATE INDEX ix_sends_signed ON sends (wallet_id, signed_at)',
  `CREATE TABLE send_sums (
    id text NOT NULL,
    sums text NOT NULL,
    CONSTRAINT pk_send_sums PRIMARY KEY (id)
  )`,
  `CREATE TABLE wallet_send_limits (
    wallet_id uuid NOT NULL,
    limits text NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT pk_wallet_send_limits PRIMARY KEY (wallet_id),
    CONSTRAINT fk_wallet_send_limits_wallet FOREIGN KEY (wallet_id) REFERENCES wallets (id) ON DELETE CASCADE
  )`,
  `CREATE TABLE send_recipients (
    id uuid NOT NULL,
    wallet_id uuid NOT NULL,
    digest bytea NOT NULL,
    recipient text NOT NULL,
    known_since timestamptz NOT NULL,
    CONSTRAINT pk_send_recipients PRIMARY KEY (id),
    CONSTRAINT uq_send_recipients_digest UNIQUE (wallet_id, digest),
    CONSTRAINT fk_send_recipients_wallet FOREIGN KEY (wallet_id) REFERENCES wallets (id) ON DELETE CASCADE,
    CONSTRAINT chk_send_recipients_digest CHECK (octet_length(digest) = 32)
  )`,
];

/** Limits of what embedded wallets send, and what counts towards them. */
export class SendLimits1795900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['send_recipients', 'wallet_send_limits', 'send_sums'])
      await runner.query(`DROP TABLE ${table}`);
    await runner.query('DROP INDEX ix_sends_signed');
    await runner.query('ALTER TABLE sends DROP COLUMN is_compat, DROP COLUMN signed_at');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Recovery secrets of embedded wallets, and recoveries by them. */
export class WalletRecoveries1769100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE embedded_wallets ALTER COLUMN created_for DROP NOT NULL');
    await runner.query(`CREATE TABLE wallet_recovery_secrets (
      user_id uuid NOT NULL,
      digest bytea NOT NULL,
      made_at timestamptz NOT NULL,
      CONSTRAINT pk_wallet_recovery_secrets PRIMARY KEY (user_id),
      CONSTRAINT uq_wallet_recovery_secrets_digest UNIQUE (digest),
      CONSTRAINT fk_wallet_recovery_secrets_user FOREIGN KEY (user_id) REFERENCES users(id),
      CONSTRAINT chk_wallet_recovery_secrets_digest CHECK (octet_length(digest) = 32)
    )`);
    await runner.query(`CREATE TABLE wallet_recoveries (
      id uuid NOT NULL,
      old_user_id uuid NOT NULL,
      asking_user_id uuid NOT NULL,
      application_id uuid NOT NULL,
      asked_at timestamptz NOT NULL,
      ready_at timestamptz NOT NULL,
      accepted_at timestamptz,
      ended_at timestamptz,
      outcome text,
      CONSTRAINT pk_wallet_recoveries PRIMARY KEY (id),
      CONSTRAINT fk_wallet_recoveries_old_user FOREIGN KEY (old_user_id) REFERENCES users(id),
      CONSTRAINT fk_wallet_recoveries_asking_user FOREIGN KEY (asking_user_id) REFERENCES users(id),
      CONSTRAINT fk_wallet_recoveries_application FOREIGN KEY (application_id) REFERENCES applications(id),
      CONSTRAINT chk_wallet_recoveries_ended CHECK ((ended_at IS NULL) = (outcome IS NULL))
    )`);
    await runner.query(
      'CREATE UNIQUE INDEX uq_wallet_recoveries_open ON wallet_recoveries (old_user_id) WHERE ended_at IS NULL',
    );
    await runner.query('CREATE INDEX ix_wallet_recoveries_old_user ON wallet_recoveries (old_user_id)');
    await runner.query('CREATE INDEX ix_wallet_recoveries_asking_user ON wallet_recoveries (asking_user_id)');
    await runner.query(
      'CREATE INDEX ix_wallet_recoveries_ended ON wallet_recoveries (ended_at) WHERE ended_at IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE wallet_recoveries');
    await runner.query('DROP TABLE wallet_recovery_secrets');
    // Its own id stands for no account.
    await runner.query('UPDATE embedded_wallets SET created_for = wallet_id WHERE created_for IS NULL');
    await runner.query('ALTER TABLE embedded_wallets ALTER COLUMN created_for SET NOT NULL');
  }
}

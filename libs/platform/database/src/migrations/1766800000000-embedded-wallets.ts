import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  'ALTER TABLE wallets ALTER COLUMN identity_id DROP NOT NULL, ADD COLUMN address text',
  'ALTER TABLE wallets DROP CONSTRAINT chk_wallets_kind',
  `ALTER TABLE wallets ADD CONSTRAINT chk_wallets_kind CHECK (
    kind IN ('embedded', 'linked') AND (kind = 'linked') = (identity_id IS NOT NULL)
    AND (kind = 'embedded') = (address IS NOT NULL))`,
  `CREATE TABLE embedded_wallets (
    wallet_id uuid NOT NULL,
    created_for uuid NOT NULL,
    environment text NOT NULL,
    provider text NOT NULL,
    requested_at timestamptz NOT NULL,
    created_at timestamptz,
    exported_at timestamptz,
    CONSTRAINT pk_embedded_wallets PRIMARY KEY (wallet_id),
    CONSTRAINT uq_embedded_wallets_owner UNIQUE (created_for, environment, provider)
  )`,
  'CREATE INDEX ix_embedded_wallets_unfinished ON embedded_wallets (requested_at) WHERE created_at IS NULL',
  `CREATE TABLE wallet_grants (
    wallet_id uuid NOT NULL,
    application_id uuid NOT NULL,
    granted_at timestamptz NOT NULL,
    CONSTRAINT pk_wallet_grants PRIMARY KEY (wallet_id, application_id),
    CONSTRAINT fk_wallet_grants_wallet FOREIGN KEY (wallet_id) REFERENCES wallets (id) ON DELETE CASCADE,
    CONSTRAINT fk_wallet_grants_application FOREIGN KEY (application_id) REFERENCES applications (id)
  )`,
  // A token is used in the transaction that allows its act, and by the only one that finds it unused.
  `CREATE TABLE wallet_acts (
    id uuid NOT NULL,
    wallet_id uuid NOT NULL,
    application_id uuid NOT NULL,
    session_id uuid,
    act text NOT NULL,
    digest bytea NOT NULL,
    details text,
    token_digest bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    allowed_at timestamptz,
    attempted_at timestamptz,
    done_at timestamptz,
    CONSTRAINT pk_wallet_acts PRIMARY KEY (id),
    CONSTRAINT uq_wallet_acts_token UNIQUE (token_digest),
    CONSTRAINT fk_wallet_acts_wallet FOREIGN KEY (wallet_id) REFERENCES wallets (id) ON DELETE CASCADE,
    CONSTRAINT fk_wallet_acts_application FOREIGN KEY (application_id) REFERENCES applications (id),
    CONSTRAINT fk_wallet_acts_session FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE SET NULL,
    CONSTRAINT chk_wallet_acts_order CHECK (
      (allowed_at IS NOT NULL OR (attempted_at IS NULL AND done_at IS NULL)) AND octet_length(digest) = 32)
  )`,
  'CREATE INDEX ix_wallet_acts_wallet ON wallet_acts (wallet_id, id)',
  'CREATE INDEX ix_wallet_acts_session ON wallet_acts (session_id)',
  'CREATE INDEX ix_wallet_acts_unused ON wallet_acts (expires_at) WHERE allowed_at IS NULL',
];

/** Wallets whose keys the custody process has, the applications that may use them, and their acts. */
export class EmbeddedWallets1766800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['wallet_acts', 'wallet_grants', 'embedded_wallets'])
      await runner.query(`DROP TABLE ${table}`);
    await runner.query(`DELETE FROM wallets WHERE kind = 'embedded'`);
    await runner.query('ALTER TABLE wallets DROP CONSTRAINT chk_wallets_kind');
    await runner.query('ALTER TABLE wallets DROP COLUMN address, ALTER COLUMN identity_id SET NOT NULL');
    await runner.query(`ALTER TABLE wallets ADD CONSTRAINT chk_wallets_kind CHECK (kind = 'linked')`);
  }
}

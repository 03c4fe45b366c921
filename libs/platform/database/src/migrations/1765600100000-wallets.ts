import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  // The identity and its wallet have one owner. Deferred: a merge gives them to another one by one.
  `CREATE TABLE wallets (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    identity_id uuid NOT NULL,
    kind text NOT NULL,
    provider text NOT NULL,
    environment text NOT NULL,
    chain_id text,
    label text,
    is_primary boolean NOT NULL,
    wallet_key text NOT NULL,
    evidence text,
    linked_at timestamptz NOT NULL,
    checked_at timestamptz NOT NULL,
    owners_changed_at timestamptz,
    CONSTRAINT pk_wallets PRIMARY KEY (id),
    CONSTRAINT uq_wallets_identity UNIQUE (identity_id),
    CONSTRAINT fk_wallets_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT fk_wallets_own_identity FOREIGN KEY (user_id, identity_id) REFERENCES identities (user_id, id)
      ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT chk_wallets_kind CHECK (kind = 'linked')
  )`,
  'CREATE UNIQUE INDEX uq_wallets_primary ON wallets (user_id) WHERE is_primary',
  'CREATE INDEX ix_wallets_user ON wallets (user_id, id)',
  'CREATE INDEX ix_wallets_contract ON wallets (checked_at, id) WHERE chain_id IS NOT NULL',
  'CREATE INDEX ix_wallets_owners_changed ON wallets (id) WHERE owners_changed_at IS NOT NULL',

  `CREATE TABLE wallet_address_digests (
    key_id text NOT NULL,
    wallet_id uuid NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT pk_wallet_address_digests PRIMARY KEY (key_id, wallet_id),
    CONSTRAINT fk_wallet_address_digests_wallet FOREIGN KEY (wallet_id) REFERENCES wallets (id) ON DELETE CASCADE
  )`,
  'CREATE INDEX ix_wallet_address_digests_wallet ON wallet_address_digests (wallet_id)',
];

const down = ['DROP TABLE wallet_address_digests', 'DROP TABLE wallets'];

/** Linked wallets, and keyed digests of their addresses. */
export class Wallets1765600100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}

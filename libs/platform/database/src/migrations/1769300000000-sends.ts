import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `CREATE TABLE sends (
    id uuid NOT NULL,
    wallet_id uuid NOT NULL,
    application_id uuid NOT NULL,
    session_id uuid,
    chain_id text NOT NULL,
    key_digest bytea NOT NULL,
    request_digest bytea NOT NULL,
    nonce bigint NOT NULL,
    state text NOT NULL,
    revision integer NOT NULL,
    details text NOT NULL,
    outcome text,
    created_at timestamptz NOT NULL,
    looked_at timestamptz NOT NULL,
    broadcast_at timestamptz NOT NULL,
    CONSTRAINT pk_sends PRIMARY KEY (id),
    CONSTRAINT uq_sends_key UNIQUE (wallet_id, key_digest),
    CONSTRAINT fk_sends_wallet FOREIGN KEY (wallet_id) REFERENCES wallets (id) ON DELETE CASCADE,
    CONSTRAINT fk_sends_application FOREIGN KEY (application_id) REFERENCES applications (id),
    CONSTRAINT fk_sends_session FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE SET NULL,
    CONSTRAINT chk_sends_digests CHECK (
      octet_length(key_digest) = 32 AND octet_length(request_digest) = 32 AND nonce >= 0)
  )`,
  `CREATE UNIQUE INDEX uq_sends_nonce ON sends (wallet_id, chain_id, nonce) WHERE state <> 'replaced'`,
  'CREATE INDEX ix_sends_wallet ON sends (wallet_id, id)',
  'CREATE INDEX ix_sends_session ON sends (session_id)',
  `CREATE INDEX ix_sends_open ON sends (chain_id, looked_at) WHERE state IN ('broadcasting', 'mined')`,
  `CREATE TABLE send_versions (
    send_id uuid NOT NULL,
    number integer NOT NULL,
    kind text NOT NULL,
    raw text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_send_versions PRIMARY KEY (send_id, number),
    CONSTRAINT fk_send_versions_send FOREIGN KEY (send_id) REFERENCES sends (id) ON DELETE CASCADE,
    CONSTRAINT chk_send_versions_number CHECK (number > 0)
  )`,
  `CREATE TABLE send_answers (
    send_id uuid NOT NULL,
    version integer NOT NULL,
    node integer NOT NULL,
    answer text NOT NULL,
    code integer,
    words text,
    at timestamptz NOT NULL,
    CONSTRAINT pk_send_answers PRIMARY KEY (send_id, version, node),
    CONSTRAINT fk_send_answers_version FOREIGN KEY (send_id, version)
      REFERENCES send_versions (send_id, number) ON DELETE CASCADE
  )`,
  `CREATE TABLE wallet_nonces (
    wallet_id uuid NOT NULL,
    chain_id text NOT NULL,
    next bigint NOT NULL,
    CONSTRAINT pk_wallet_nonces PRIMARY KEY (wallet_id, chain_id),
    CONSTRAINT fk_wallet_nonces_wallet FOREIGN KEY (wallet_id) REFERENCES wallets (id) ON DELETE CASCADE,
    CONSTRAINT chk_wallet_nonces_next CHECK (next >= 0)
  )`,
  `CREATE TABLE sending_leases (
    chain_id text NOT NULL,
    lease uuid NOT NULL,
    lease_until timestamptz NOT NULL,
    CONSTRAINT pk_sending_leases PRIMARY KEY (chain_id)
  )`,
  'ALTER TABLE embedded_wallets ADD COLUMN used_elsewhere_at timestamptz',
];

/** Sends of embedded wallets, their signed versions, and the nonces of wallets. */
export class Sends1769300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE embedded_wallets DROP COLUMN used_elsewhere_at');
    for (const table of ['sending_leases', 'wallet_nonces', 'send_answers', 'send_versions', 'sends'])
      await runner.query(`DROP TABLE ${table}`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  `CREATE TABLE key_checks (
    purpose text NOT NULL,
    key_id text NOT NULL,
    value text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_key_checks PRIMARY KEY (purpose, key_id)
  )`,

  `CREATE TABLE applications (
    id uuid NOT NULL,
    name text NOT NULL,
    trust text NOT NULL,
    settings jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_applications PRIMARY KEY (id),
    CONSTRAINT chk_applications_trust CHECK (trust IN ('first-party', 'third-party'))
  )`,

  `CREATE TABLE client_secrets (
    id uuid NOT NULL,
    application_id uuid NOT NULL,
    name text NOT NULL,
    digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_client_secrets PRIMARY KEY (id),
    CONSTRAINT uq_client_secrets_digest UNIQUE (digest),
    CONSTRAINT fk_client_secrets_application FOREIGN KEY (application_id) REFERENCES applications (id)
  )`,
  `CREATE INDEX ix_client_secrets_application ON client_secrets (application_id)`,

  `CREATE TABLE bots (
    id uuid NOT NULL,
    application_id uuid NOT NULL,
    provider text NOT NULL,
    environment text NOT NULL,
    bot_id text NOT NULL,
    username text NOT NULL,
    token text NOT NULL,
    signature_policy text NOT NULL,
    status text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_bots PRIMARY KEY (id),
    CONSTRAINT uq_bots_provider_environment_bot_id UNIQUE (provider, environment, bot_id),
    CONSTRAINT fk_bots_application FOREIGN KEY (application_id) REFERENCES applications (id),
    CONSTRAINT chk_bots_provider CHECK (provider IN ('telegram', 'openweb3')),
    CONSTRAINT chk_bots_environment CHECK (environment IN ('production', 'test')),
    CONSTRAINT chk_bots_signature_policy CHECK (signature_policy IN ('required', 'optional')),
    CONSTRAINT chk_bots_status CHECK (status IN ('active', 'disabled', 'compromised'))
  )`,
  `CREATE INDEX ix_bots_application ON bots (application_id)`,

  `CREATE TABLE bot_token_digests (
    key_id text NOT NULL,
    digest bytea NOT NULL,
    bot_id uuid NOT NULL,
    CONSTRAINT pk_bot_token_digests PRIMARY KEY (key_id, digest),
    CONSTRAINT fk_bot_token_digests_bot FOREIGN KEY (bot_id) REFERENCES bots (id) ON DELETE CASCADE
  )`,
  `CREATE INDEX ix_bot_token_digests_bot ON bot_token_digests (bot_id)`,

  `CREATE TABLE users (
    id uuid NOT NULL,
    status text NOT NULL,
    data_key text NOT NULL,
    audit_pseudonym uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT chk_users_status CHECK (status IN ('active', 'deactivated'))
  )`,

  `CREATE TABLE identities (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    provider text NOT NULL,
    environment text NOT NULL,
    subject text NOT NULL,
    first_name text,
    last_name text,
    username text,
    photo_url text,
    language_code text,
    profile_made_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_identities PRIMARY KEY (id),
    CONSTRAINT fk_identities_user FOREIGN KEY (user_id) REFERENCES users (id)
  )`,
  `CREATE INDEX ix_identities_user ON identities (user_id)`,

  `CREATE TABLE identity_digests (
    key_id text NOT NULL,
    digest bytea NOT NULL,
    identity_id uuid NOT NULL,
    CONSTRAINT pk_identity_digests PRIMARY KEY (key_id, digest),
    CONSTRAINT fk_identity_digests_identity FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE CASCADE
  )`,
  `CREATE INDEX ix_identity_digests_identity ON identity_digests (identity_id)`,

  // Sliding rewrites a row without touching an index: room on the page keeps those updates heap-only.
  `CREATE TABLE sessions (
    id uuid NOT NULL,
    application_id uuid NOT NULL,
    user_id uuid NOT NULL,
    identity_id uuid NOT NULL,
    assurance text NOT NULL,
    scopes text[] NOT NULL,
    device_name text,
    created_at timestamptz NOT NULL,
    idle_expires_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    access_digest bytea NOT NULL,
    access_idle_expires_at timestamptz NOT NULL,
    access_expires_at timestamptz NOT NULL,
    prior_access_digest bytea,
    prior_access_expires_at timestamptz,
    family_digest bytea NOT NULL,
    refresh_digest bytea NOT NULL,
    rotations jsonb NOT NULL,
    access_idle_in integer NOT NULL,
    access_absolute_in integer NOT NULL,
    refresh_idle_in integer NOT NULL,
    ended_at timestamptz,
    end_reason text,
    CONSTRAINT pk_sessions PRIMARY KEY (id),
    CONSTRAINT fk_sessions_application FOREIGN KEY (application_id) REFERENCES applications (id),
    CONSTRAINT fk_sessions_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT fk_sessions_identity FOREIGN KEY (identity_id) REFERENCES identities (id),
    CONSTRAINT chk_sessions_assurance CHECK (assurance IN ('vendor', 'bot-token', 'platform')),
    CONSTRAINT chk_sessions_deadlines CHECK (idle_expires_at <= expires_at AND access_idle_expires_at <= access_expires_at AND access_expires_at <= expires_at),
    CONSTRAINT chk_sessions_end CHECK ((ended_at IS NULL) = (end_reason IS NULL))
  ) WITH (fillfactor = 80)`,
  `CREATE INDEX ix_sessions_user_live ON sessions (user_id, application_id) WHERE ended_at IS NULL`,
  `CREATE INDEX ix_sessions_user_over ON sessions (user_id) WHERE end_reason IN ('logout', 'idle', 'evicted')`,
  `CREATE INDEX ix_sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL`,
  `CREATE INDEX ix_sessions_expires ON sessions (expires_at)`,
  `CREATE INDEX ix_sessions_identity ON sessions (identity_id)`,

  `CREATE TABLE proofs (
    signed_on date NOT NULL,
    proof_id bytea NOT NULL,
    session_id uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    pair bytea NOT NULL,
    is_new_user boolean NOT NULL,
    CONSTRAINT pk_proofs PRIMARY KEY (signed_on, proof_id)
  ) PARTITION BY RANGE (signed_on)`,

  `CREATE TABLE audit_records (
    occurred_at timestamptz NOT NULL,
    id uuid NOT NULL,
    action text NOT NULL,
    actor text NOT NULL,
    subject text,
    application_id uuid,
    details jsonb NOT NULL,
    CONSTRAINT pk_audit_records PRIMARY KEY (occurred_at, id)
  ) PARTITION BY RANGE (occurred_at)`,
];

const tables = [
  'audit_records',
  'proofs',
  'sessions',
  'identity_digests',
  'identities',
  'users',
  'bot_token_digests',
  'bots',
  'client_secrets',
  'applications',
  'key_checks',
];

export class InitialSchema1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}

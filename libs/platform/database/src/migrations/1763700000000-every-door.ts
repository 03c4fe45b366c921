import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Replicas of the version before go on working on this schema, as long as no setting is used that they do not know. */
const up = [
  // A token that was replaced verifies until a set instant. The OpenID Connect secret is not the token.
  `ALTER TABLE bots
    ADD COLUMN prior_token text,
    ADD COLUMN prior_token_expires_at timestamptz,
    ADD COLUMN oidc_client_secret text,
    ADD CONSTRAINT chk_bots_prior_token CHECK ((prior_token IS NULL) = (prior_token_expires_at IS NULL))`,

  `CREATE TABLE accepted_bots (
    application_id uuid NOT NULL,
    provider text NOT NULL,
    environment text NOT NULL,
    bot_id text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_accepted_bots PRIMARY KEY (application_id, provider, environment, bot_id),
    CONSTRAINT fk_accepted_bots_application FOREIGN KEY (application_id) REFERENCES applications (id),
    CONSTRAINT chk_accepted_bots_provider CHECK (provider = 'telegram'),
    CONSTRAINT chk_accepted_bots_environment CHECK (environment IN ('production', 'test'))
  )`,

  `CREATE TABLE rapidpace_secrets (
    id uuid NOT NULL,
    application_id uuid NOT NULL,
    secret text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_rapidpace_secrets PRIMARY KEY (id),
    CONSTRAINT fk_rapidpace_secrets_application FOREIGN KEY (application_id) REFERENCES applications (id)
  )`,
  `CREATE INDEX ix_rapidpace_secrets_application ON rapidpace_secrets (application_id)`,

  `CREATE TABLE rapidpace_secret_digests (
    application_id uuid NOT NULL,
    key_id text NOT NULL,
    digest bytea NOT NULL,
    secret_id uuid NOT NULL,
    CONSTRAINT pk_rapidpace_secret_digests PRIMARY KEY (application_id, key_id, digest),
    CONSTRAINT fk_rapidpace_secret_digests_secret FOREIGN KEY (secret_id) REFERENCES rapidpace_secrets (id) ON DELETE CASCADE
  )`,
  `CREATE INDEX ix_rapidpace_secret_digests_secret ON rapidpace_secret_digests (secret_id)`,

  `ALTER TABLE users ADD COLUMN auth_not_before timestamptz`,

  `CREATE TABLE user_aliases (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_user_aliases PRIMARY KEY (id),
    CONSTRAINT fk_user_aliases_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
  )`,
  `CREATE INDEX ix_user_aliases_user ON user_aliases (user_id)`,

  `ALTER TABLE identities
    ADD COLUMN phone_number text,
    ADD COLUMN phone_made_at timestamptz,
    ADD COLUMN asserted_fields text[] NOT NULL DEFAULT '{firstName,lastName,username,photoUrl,languageCode}',
    ADD CONSTRAINT chk_identities_phone CHECK ((phone_number IS NULL) = (phone_made_at IS NULL))`,

  `CREATE TABLE identity_aliases (
    identity_id uuid NOT NULL,
    issuer text NOT NULL,
    audience text NOT NULL,
    subject text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_identity_aliases PRIMARY KEY (identity_id, issuer, audience),
    CONSTRAINT fk_identity_aliases_identity FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE CASCADE
  )`,

  // A session outlives its identity only when it is over.
  `ALTER TABLE sessions
    ADD COLUMN bot_row_id uuid,
    ADD COLUMN step_up_expires_at timestamptz,
    ALTER COLUMN identity_id DROP NOT NULL,
    DROP CONSTRAINT fk_sessions_identity,
    ADD CONSTRAINT fk_sessions_identity FOREIGN KEY (identity_id) REFERENCES identities (id) ON DELETE SET NULL,
    ADD CONSTRAINT fk_sessions_bot FOREIGN KEY (bot_row_id) REFERENCES bots (id) ON DELETE SET NULL,
    ADD CONSTRAINT chk_sessions_identity CHECK (identity_id IS NOT NULL OR ended_at IS NOT NULL)`,

  // Undated links are remembered for good.
  `CREATE TABLE proofs_undated PARTITION OF proofs FOR VALUES FROM ('infinity') TO (MAXVALUE)`,

  `CREATE TABLE redirect_codes (
    digest bytea NOT NULL,
    application_id uuid NOT NULL,
    content bytea NOT NULL,
    code_challenge text,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT pk_redirect_codes PRIMARY KEY (digest),
    CONSTRAINT fk_redirect_codes_application FOREIGN KEY (application_id) REFERENCES applications (id)
  )`,
  `CREATE INDEX ix_redirect_codes_expires ON redirect_codes (expires_at)`,

  `CREATE TABLE oidc_transactions (
    state_digest bytea NOT NULL,
    application_id uuid NOT NULL,
    browser_digest bytea NOT NULL,
    content bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_oidc_transactions PRIMARY KEY (state_digest),
    CONSTRAINT fk_oidc_transactions_application FOREIGN KEY (application_id) REFERENCES applications (id)
  )`,
  `CREATE INDEX ix_oidc_transactions_expires ON oidc_transactions (expires_at)`,
];

const down = [
  // The version before refuses settings that it does not know.
  `UPDATE applications SET settings = settings - 'perRequestInitData' - 'loginWidget' - 'rapidpace' - 'redirectUrls'
     - 'accountAssurance'`,
  `UPDATE applications SET settings = jsonb_set(settings, '{dataNeeds}', (settings -> 'dataNeeds') - 'phone')
   WHERE settings -> 'dataNeeds' ? 'phone'`,
  `DROP TABLE oidc_transactions`,
  `DROP TABLE redirect_codes`,
  `DROP TABLE proofs_undated`,
  `DELETE FROM sessions WHERE identity_id IS NULL`,
  `ALTER TABLE sessions
    DROP COLUMN bot_row_id,
    DROP COLUMN step_up_expires_at,
    DROP CONSTRAINT chk_sessions_identity,
    DROP CONSTRAINT fk_sessions_identity,
    ALTER COLUMN identity_id SET NOT NULL,
    ADD CONSTRAINT fk_sessions_identity FOREIGN KEY (identity_id) REFERENCES identities (id)`,
  `DROP TABLE identity_aliases`,
  `ALTER TABLE identities DROP COLUMN phone_number, DROP COLUMN phone_made_at, DROP COLUMN asserted_fields`,
  `DROP TABLE user_aliases`,
  `ALTER TABLE users DROP COLUMN auth_not_before`,
  `DROP TABLE rapidpace_secret_digests`,
  `DROP TABLE rapidpace_secrets`,
  `DROP TABLE accepted_bots`,
  `ALTER TABLE bots DROP COLUMN prior_token, DROP COLUMN prior_token_expires_at, DROP COLUMN oidc_client_secret`,
];

export class EveryDoor1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}

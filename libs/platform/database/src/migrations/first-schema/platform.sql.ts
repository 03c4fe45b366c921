export const platform: readonly string[] = [
  `CREATE TABLE principals (
    id uuid CONSTRAINT pk_principals PRIMARY KEY,
    name text NOT NULL CONSTRAINT uq_principals_name UNIQUE,
    status text NOT NULL CONSTRAINT chk_principals_status CHECK (status IN ('active', 'disabled')),
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    created_by text,
    provider_subject text CONSTRAINT uq_principals_provider_subject UNIQUE
  )`,
  `CREATE TABLE principal_secrets (
    id uuid CONSTRAINT pk_principal_secrets PRIMARY KEY,
    principal_id uuid NOT NULL CONSTRAINT fk_principal_secrets_principal REFERENCES principals(id) ON DELETE CASCADE,
    name text NOT NULL,
    digest bytea NOT NULL CONSTRAINT uq_principal_secrets_digest UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    issued_by text
  )`,
  `CREATE INDEX ix_principal_secrets_principal ON principal_secrets (principal_id)`,
  `CREATE TABLE principal_tokens (
    digest bytea CONSTRAINT pk_principal_tokens PRIMARY KEY,
    principal_id uuid NOT NULL CONSTRAINT fk_principal_tokens_principal REFERENCES principals(id) ON DELETE CASCADE,
    scopes text[] NOT NULL,
    secret_id uuid,
    expires_at timestamptz NOT NULL,
    session_id uuid CONSTRAINT uq_principal_tokens_session UNIQUE,
    began_at timestamptz,
    ends_at timestamptz
  )`,
  `CREATE INDEX ix_principal_tokens_expires_at ON principal_tokens (expires_at)`,
  `CREATE INDEX ix_principal_tokens_principal ON principal_tokens (principal_id)`,
  `CREATE TABLE audit_blocks (
    number integer CONSTRAINT pk_audit_blocks PRIMARY KEY,
    since timestamptz NOT NULL,
    since_horizon bigint NOT NULL,
    before timestamptz NOT NULL,
    horizon bigint NOT NULL,
    next_xid bigint NOT NULL,
    count integer NOT NULL,
    late integer NOT NULL,
    first_at timestamptz NOT NULL,
    records bytea NOT NULL,
    previous bytea NOT NULL CONSTRAINT uq_audit_blocks_previous UNIQUE,
    signed_at timestamptz NOT NULL,
    key_id text NOT NULL,
    signature bytea NOT NULL
  )`,
  `CREATE TABLE audit_records (
    occurred_at timestamptz NOT NULL,
    id uuid NOT NULL,
    action text NOT NULL,
    actor text NOT NULL,
    subject text,
    application_id uuid,
    details jsonb NOT NULL,
    request_id text,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    CONSTRAINT pk_audit_records PRIMARY KEY (occurred_at, id)
  ) PARTITION BY RANGE (occurred_at)`,
  `CREATE INDEX ix_audit_records_journal_sealed ON audit_records (occurred_at) WHERE (action = 'custody.journal_sealed')`,
  `CREATE TABLE daily_counters (
    day date NOT NULL,
    name text NOT NULL,
    application_id uuid NOT NULL,
    code text NOT NULL,
    count integer NOT NULL,
    CONSTRAINT pk_daily_counters PRIMARY KEY (day, name, application_id, code)
  )`,
  `CREATE SEQUENCE events_sequence`,
  `CREATE TABLE events (
    occurred_at timestamptz NOT NULL,
    sequence bigint DEFAULT nextval('events_sequence') NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL,
    subject text NOT NULL,
    application_ids uuid[],
    data jsonb NOT NULL,
    CONSTRAINT pk_events PRIMARY KEY (occurred_at, sequence)
  ) PARTITION BY RANGE (occurred_at)`,
  `CREATE TABLE idempotency_keys (
    id uuid NOT NULL,
    digest bytea NOT NULL,
    answer text,
    created_at timestamptz NOT NULL,
    request text NOT NULL,
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (id)
  )`,
  `CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at)`,
  `CREATE UNIQUE INDEX uq_idempotency_keys_digest ON idempotency_keys (digest)`,
  `CREATE TABLE digests (
    kind text NOT NULL,
    key_id text NOT NULL,
    digest bytea NOT NULL,
    owner_id uuid NOT NULL,
    CONSTRAINT pk_digests PRIMARY KEY (kind, key_id, digest)
  )`,
  `CREATE INDEX ix_digests_owner ON digests (owner_id)`,
  `CREATE FUNCTION delete_digests_of_owner() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    DELETE FROM digests WHERE owner_id = OLD.id;
    RETURN NULL;
  END $$`,
  `CREATE TABLE key_checks (
    purpose text NOT NULL,
    key_id text NOT NULL,
    value text NOT NULL,
    created_at timestamptz NOT NULL,
    retired_at timestamptz,
    CONSTRAINT pk_key_checks PRIMARY KEY (purpose, key_id)
  )`,
  `CREATE TABLE jobs (
    name text CONSTRAINT pk_jobs PRIMARY KEY,
    scheduled_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    leased_until timestamptz,
    failures integer DEFAULT 0 NOT NULL,
    succeeded_at timestamptz
  )`,
];

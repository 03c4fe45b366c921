export const identity: readonly string[] = [
  `CREATE TABLE users (
    id uuid CONSTRAINT pk_users PRIMARY KEY,
    status text NOT NULL CONSTRAINT chk_users_status CHECK (status IN ('active', 'deactivated')),
    data_key text NOT NULL,
    audit_pseudonym uuid NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    auth_not_before timestamptz,
    platform_proven_at timestamptz,
    applications_not_before timestamptz,
    has_profile boolean DEFAULT false NOT NULL,
    is_closed boolean DEFAULT false NOT NULL
  )`,
  `CREATE INDEX ix_users_deactivated ON users (id) WHERE (status = 'deactivated')`,
  `CREATE TABLE account_joins (
    id uuid CONSTRAINT pk_account_joins PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_account_joins_user REFERENCES users(id) ON DELETE CASCADE,
    survivor_id uuid NOT NULL,
    merged_user_id uuid NOT NULL CONSTRAINT uq_account_joins_merged UNIQUE,
    identity_ids uuid[] NOT NULL,
    data_key text NOT NULL,
    journal text NOT NULL,
    joined_at timestamptz NOT NULL,
    separable_until timestamptz NOT NULL,
    CONSTRAINT chk_account_joins_until CHECK (joined_at < separable_until)
  )`,
  `CREATE INDEX ix_account_joins_until ON account_joins (separable_until)`,
  `CREATE INDEX ix_account_joins_user ON account_joins (user_id)`,
  `CREATE TABLE applications (
    id uuid CONSTRAINT pk_applications PRIMARY KEY,
    name text NOT NULL,
    trust text NOT NULL CONSTRAINT chk_applications_trust CHECK (trust IN ('first-party', 'third-party')),
    settings jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
  )`,
  `CREATE INDEX ix_applications_trust ON applications (trust, id)`,
  `CREATE FUNCTION notify_application_changed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('countersign_applications_changed', to_jsonb(COALESCE(NEW, OLD)) ->> TG_ARGV[0]);
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER trg_applications_changed AFTER INSERT OR DELETE OR UPDATE ON applications
    FOR EACH ROW
    EXECUTE FUNCTION notify_application_changed('id')`,
  `CREATE TABLE identities (
    id uuid CONSTRAINT pk_identities PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_identities_user REFERENCES users(id),
    provider text NOT NULL,
    environment text NOT NULL,
    content text NOT NULL,
    stored_fields text[] DEFAULT '{}' NOT NULL,
    profile_made_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    phone_made_at timestamptz,
    asserted_fields text[] DEFAULT '{firstName,lastName,username,photoUrl,languageCode}' NOT NULL,
    platform_fields text[] DEFAULT '{}' NOT NULL,
    cap text NOT NULL CONSTRAINT chk_identities_cap CHECK (cap IN ('vendor', 'bot-token', 'platform')),
    attached_at timestamptz,
    attached_by text,
    attached_with text[] DEFAULT '{}' NOT NULL,
    separable_until timestamptz,
    CONSTRAINT chk_identities_attached CHECK ((attached_at IS NULL) = (attached_by IS NULL)),
    CONSTRAINT chk_identities_phone CHECK (('phoneNumber' = ANY(stored_fields)) = (phone_made_at IS NOT NULL))
  )`,
  `CREATE INDEX ix_identities_attached ON identities (attached_at) WHERE (attached_at IS NOT NULL)`,
  `CREATE INDEX ix_identities_attached_newest ON identities (id) WHERE (attached_at IS NOT NULL)`,
  `CREATE INDEX ix_identities_not_of_telegram ON identities (id) WHERE (provider <> 'telegram')`,
  `CREATE UNIQUE INDEX uq_identities_user ON identities (user_id, id)`,
  `CREATE TABLE sessions (
    id uuid CONSTRAINT pk_sessions PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT fk_sessions_application REFERENCES applications(id),
    user_id uuid NOT NULL CONSTRAINT fk_sessions_user REFERENCES users(id),
    identity_id uuid,
    assurance text NOT NULL CONSTRAINT chk_sessions_assurance CHECK (assurance IN ('vendor', 'bot-token', 'platform')),
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
    bot_row_id uuid,
    step_up_expires_at timestamptz,
    device_key_thumbprint text CONSTRAINT chk_sessions_device_key CHECK (device_key_thumbprint ~ '^[A-Za-z0-9_-]{43}$'),
    reentry_refused_at timestamptz,
    door text NOT NULL,
    authenticated_at timestamptz NOT NULL,
    step_up_assurance text,
    step_up_bot text,
    is_of_allowed_bot boolean DEFAULT false NOT NULL,
    proof_made_at timestamptz,
    awaits_first_use boolean DEFAULT false NOT NULL,
    ended_by text,
    openid_clients jsonb,
    CONSTRAINT fk_sessions_own_identity FOREIGN KEY (user_id, identity_id) REFERENCES identities(user_id, id) ON DELETE SET NULL
      (identity_id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT chk_sessions_deadlines CHECK ((idle_expires_at <= expires_at) AND (access_idle_expires_at <= access_expires_at) AND
      (access_expires_at <= expires_at)),
    CONSTRAINT chk_sessions_end CHECK ((ended_at IS NULL) = (end_reason IS NULL)),
    CONSTRAINT chk_sessions_identity CHECK ((identity_id IS NOT NULL) OR ended_at IS NOT NULL)
  ) WITH (fillfactor='80')`,
  `CREATE INDEX ix_sessions_ended ON sessions (ended_at) WHERE (ended_at IS NOT NULL)`,
  `CREATE INDEX ix_sessions_expires ON sessions (expires_at)`,
  `CREATE INDEX ix_sessions_user ON sessions (user_id, application_id)`,
  `CREATE TABLE joins (
    id uuid CONSTRAINT pk_joins PRIMARY KEY,
    asking_session_id uuid NOT NULL CONSTRAINT fk_joins_asking_session REFERENCES sessions(id) ON DELETE CASCADE,
    code_digest bytea NOT NULL CONSTRAINT uq_joins_code UNIQUE,
    number smallint NOT NULL CONSTRAINT chk_joins_number CHECK ((number >= 10) AND (number <= 99)),
    assurance text NOT NULL CONSTRAINT chk_joins_assurance CHECK (assurance IN ('vendor', 'bot-token', 'platform')),
    bots text[] NOT NULL,
    failed_attempts smallint DEFAULT 0 NOT NULL,
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    outcome text CONSTRAINT chk_joins_outcome CHECK (outcome IN ('accepted', 'withdrawn', 'failed')),
    CONSTRAINT chk_joins_end CHECK ((ended_at IS NULL) = (outcome IS NULL))
  )`,
  `CREATE INDEX ix_joins_asking_session ON joins (asking_session_id)`,
  `CREATE INDEX ix_joins_expires ON joins (expires_at)`,
  `CREATE TABLE step_ups (
    id uuid CONSTRAINT pk_step_ups PRIMARY KEY,
    act text NOT NULL,
    asking_session_id uuid CONSTRAINT fk_step_ups_asking_session REFERENCES sessions(id) ON DELETE CASCADE,
    code_digest bytea CONSTRAINT uq_step_ups_code UNIQUE,
    expires_at timestamptz NOT NULL,
    session_id uuid CONSTRAINT fk_step_ups_session REFERENCES sessions(id) ON DELETE CASCADE,
    grant_digest bytea CONSTRAINT uq_step_ups_grant UNIQUE,
    grant_expires_at timestamptz,
    used_at timestamptz,
    CONSTRAINT chk_step_ups_grant CHECK (((grant_digest IS NULL) = (grant_expires_at IS NULL)) AND ((grant_digest IS NULL) OR
      session_id IS NOT NULL))
  )`,
  `CREATE INDEX ix_step_ups_asking_session ON step_ups (asking_session_id)`,
  `CREATE INDEX ix_step_ups_expires ON step_ups (expires_at)`,
  `CREATE INDEX ix_step_ups_session ON step_ups (session_id)`,
  `CREATE TABLE accepted_bots (
    application_id uuid NOT NULL CONSTRAINT fk_accepted_bots_application REFERENCES applications(id),
    provider text NOT NULL CONSTRAINT chk_accepted_bots_provider CHECK (provider = 'telegram'),
    environment text NOT NULL CONSTRAINT chk_accepted_bots_environment CHECK (environment IN ('production', 'test')),
    bot_id text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_accepted_bots PRIMARY KEY (application_id, provider, environment, bot_id)
  )`,
  `CREATE TRIGGER trg_accepted_bots_changed AFTER INSERT OR DELETE OR UPDATE ON accepted_bots
    FOR EACH ROW
    EXECUTE FUNCTION notify_application_changed('application_id')`,
  `CREATE TABLE bots (
    id uuid CONSTRAINT pk_bots PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT fk_bots_application REFERENCES applications(id),
    provider text NOT NULL CONSTRAINT chk_bots_provider CHECK (provider IN ('telegram', 'openweb3')),
    environment text NOT NULL CONSTRAINT chk_bots_environment CHECK (environment IN ('production', 'test')),
    bot_id text NOT NULL,
    username text NOT NULL,
    token text NOT NULL,
    signature_policy text NOT NULL,
    status text NOT NULL CONSTRAINT chk_bots_status CHECK (status IN ('active', 'disabled', 'compromised')),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    prior_token text,
    prior_token_expires_at timestamptz,
    oidc_client_secret text,
    mini_app_name text,
    CONSTRAINT uq_bots_provider_environment_bot_id UNIQUE (provider, environment, bot_id),
    CONSTRAINT chk_bots_prior_token CHECK ((prior_token IS NULL) = (prior_token_expires_at IS NULL)),
    CONSTRAINT chk_bots_signature_policy CHECK (signature_policy IN ('required', 'optional'))
  )`,
  `CREATE INDEX ix_bots_application_id ON bots (application_id, id)`,
  `CREATE INDEX ix_bots_bot_id ON bots (bot_id)`,
  `CREATE INDEX ix_bots_environment ON bots (environment, id)`,
  `CREATE INDEX ix_bots_provider ON bots (provider, id)`,
  `CREATE INDEX ix_bots_status ON bots (status, id)`,
  `CREATE TRIGGER trg_bots_changed AFTER INSERT OR DELETE OR UPDATE ON bots
    FOR EACH ROW
    EXECUTE FUNCTION notify_application_changed('application_id')`,
  `CREATE TABLE client_secrets (
    id uuid CONSTRAINT pk_client_secrets PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT fk_client_secrets_application REFERENCES applications(id),
    name text NOT NULL,
    digest bytea NOT NULL CONSTRAINT uq_client_secrets_digest UNIQUE,
    created_at timestamptz NOT NULL
  )`,
  `CREATE INDEX ix_client_secrets_application ON client_secrets (application_id)`,
  `CREATE TRIGGER trg_client_secrets_changed AFTER INSERT OR DELETE OR UPDATE ON client_secrets
    FOR EACH ROW
    EXECUTE FUNCTION notify_application_changed('application_id')`,
  `CREATE TRIGGER trg_bots_digests AFTER DELETE ON bots
    FOR EACH ROW EXECUTE FUNCTION delete_digests_of_owner()`,
  `CREATE TABLE one_time_tokens (
    kind text NOT NULL,
    digest bytea NOT NULL,
    application_id uuid CONSTRAINT fk_one_time_tokens_application REFERENCES applications(id),
    content bytea,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT pk_one_time_tokens PRIMARY KEY (kind, digest),
    CONSTRAINT chk_one_time_tokens_content CHECK (((content IS NULL) = (application_id IS NULL)) AND
      ((content IS NOT NULL) OR used_at IS NOT NULL))
  )`,
  `CREATE INDEX ix_one_time_tokens_expires ON one_time_tokens (expires_at)`,
  `CREATE UNLOGGED TABLE proof_pairs (
    session_id uuid CONSTRAINT pk_proof_pairs PRIMARY KEY,
    issued_at timestamptz NOT NULL,
    pair bytea NOT NULL
  )`,
  `CREATE TABLE proofs (
    signed_on date NOT NULL,
    proof_id bytea NOT NULL,
    session_id uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    is_new_user boolean NOT NULL,
    secret_digest bytea,
    CONSTRAINT pk_proofs PRIMARY KEY (signed_on, proof_id)
  ) PARTITION BY RANGE (signed_on)`,
  `CREATE TABLE proofs_undated PARTITION OF proofs FOR VALUES FROM ('infinity') TO (MAXVALUE)`,
  `CREATE INDEX ix_proofs_undated_session ON proofs_undated (session_id)`,
  `CREATE TABLE identity_keys (
    id text CONSTRAINT pk_identity_keys PRIMARY KEY,
    algorithm text NOT NULL CONSTRAINT chk_identity_keys_algorithm CHECK (algorithm IN ('ES256', 'EdDSA')),
    public_key jsonb NOT NULL,
    private_key text NOT NULL,
    created_at timestamptz NOT NULL,
    signs_from timestamptz NOT NULL
  )`,
  `CREATE FUNCTION notify_identity_keys_changed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_notify('countersign_identity_keys_changed', '');
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER trg_identity_keys_changed AFTER INSERT OR DELETE OR UPDATE ON identity_keys
    FOR EACH STATEMENT
    EXECUTE FUNCTION notify_identity_keys_changed()`,
  `CREATE TABLE identity_digests (
    key_id text NOT NULL,
    digest bytea NOT NULL,
    identity_id uuid NOT NULL CONSTRAINT fk_identity_digests_identity REFERENCES identities(id) ON DELETE CASCADE,
    CONSTRAINT pk_identity_digests PRIMARY KEY (key_id, digest)
  )`,
  `CREATE INDEX ix_identity_digests_identity ON identity_digests (identity_id)`,
  `CREATE TABLE installation (
    is_only boolean DEFAULT true CONSTRAINT pk_installation PRIMARY KEY CONSTRAINT chk_installation_only CHECK (is_only),
    username_lookup boolean DEFAULT false NOT NULL,
    lookup_switched_at timestamptz,
    lookup_position uuid,
    restored_at timestamptz,
    id uuid NOT NULL,
    ledger_number integer DEFAULT 0 NOT NULL,
    pending_mark uuid,
    disputed_since timestamptz,
    proofs_not_before timestamptz
  )`,
  `CREATE TABLE lookup_digests (
    identity_id uuid NOT NULL CONSTRAINT fk_lookup_digests_identity REFERENCES identities(id) ON DELETE CASCADE,
    key_id text NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT pk_lookup_digests PRIMARY KEY (identity_id, key_id)
  )`,
  `CREATE INDEX ix_lookup_digests_digest ON lookup_digests (key_id, digest)`,
  `CREATE TABLE user_aliases (
    id uuid CONSTRAINT pk_user_aliases PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_user_aliases_user REFERENCES users(id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL
  )`,
  `CREATE INDEX ix_user_aliases_user ON user_aliases (user_id)`,
  `CREATE TABLE user_applications (
    user_id uuid NOT NULL CONSTRAINT fk_user_applications_user REFERENCES users(id) ON DELETE CASCADE,
    application_id uuid NOT NULL CONSTRAINT fk_user_applications_application REFERENCES applications(id),
    first_seen_on date NOT NULL,
    last_seen_on date NOT NULL,
    not_before timestamptz,
    weak_not_before timestamptz,
    CONSTRAINT pk_user_applications PRIMARY KEY (user_id, application_id),
    CONSTRAINT chk_user_applications_seen CHECK (first_seen_on <= last_seen_on)
  )`,
  `CREATE TABLE user_erasures (
    user_id uuid CONSTRAINT pk_user_erasures PRIMARY KEY,
    reason text NOT NULL CONSTRAINT chk_user_erasures_reason CHECK (reason IN ('person', 'operator', 'restore')),
    assurance text CONSTRAINT chk_user_erasures_assurance CHECK (assurance IN ('vendor', 'bot-token', 'platform')),
    application_id uuid CONSTRAINT fk_user_erasures_application REFERENCES applications(id),
    requested_at timestamptz NOT NULL,
    erase_at timestamptz NOT NULL,
    started_at timestamptz,
    is_disputed boolean DEFAULT false NOT NULL,
    CONSTRAINT fk_user_erasures_user FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
  )`,
  `CREATE INDEX ix_user_erasures_erase_at ON user_erasures (erase_at)`,
  `INSERT INTO installation (id) VALUES (gen_random_uuid())`,
];

export const profiles: readonly string[] = [
  `CREATE TABLE profiles (
    user_id uuid CONSTRAINT pk_profiles PRIMARY KEY CONSTRAINT fk_profiles_user REFERENCES users(id) ON DELETE CASCADE,
    content text NOT NULL,
    field_settings jsonb DEFAULT '{}' NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
  )`,
  `CREATE TABLE public_profiles (
    user_id uuid CONSTRAINT pk_public_profiles PRIMARY KEY,
    texts jsonb NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT fk_public_profiles_profile FOREIGN KEY (user_id) REFERENCES profiles(user_id) ON DELETE CASCADE
  )`,
  `CREATE TABLE profile_preferences (
    user_id uuid NOT NULL CONSTRAINT fk_profile_preferences_user REFERENCES users(id) ON DELETE CASCADE,
    application_id uuid NOT NULL CONSTRAINT fk_profile_preferences_application REFERENCES applications(id),
    preferences text NOT NULL,
    assurance text NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_profile_preferences PRIMARY KEY (user_id, application_id)
  )`,
  `CREATE TABLE username_digests (
    key_id text NOT NULL,
    digest bytea NOT NULL,
    user_id uuid NOT NULL CONSTRAINT fk_username_digests_user REFERENCES users(id) ON DELETE CASCADE,
    CONSTRAINT pk_username_digests PRIMARY KEY (key_id, digest)
  )`,
  `CREATE INDEX ix_username_digests_user ON username_digests (user_id)`,
];

export const openid: readonly string[] = [
  `CREATE TABLE openid_clients (
    id uuid CONSTRAINT pk_openid_clients PRIMARY KEY,
    application_id uuid NOT NULL CONSTRAINT fk_openid_clients_application REFERENCES applications(id),
    name text NOT NULL,
    is_third_party boolean NOT NULL,
    secret_digest bytea,
    algorithm text NOT NULL CONSTRAINT chk_openid_clients_algorithm CHECK (algorithm IN ('RS256', 'ES256')),
    scopes text[] NOT NULL,
    redirect_urls text[] NOT NULL,
    after_logout_urls text[] NOT NULL,
    logout_url text,
    created_at timestamptz NOT NULL
  )`,
  `CREATE INDEX ix_openid_clients_application ON openid_clients (application_id, id)`,
  `CREATE TABLE openid_records (
    digest text CONSTRAINT pk_openid_records PRIMARY KEY,
    model text NOT NULL,
    client_id uuid CONSTRAINT fk_openid_records_client REFERENCES openid_clients(id) ON DELETE CASCADE,
    session_id uuid CONSTRAINT fk_openid_records_session REFERENCES sessions(id) ON DELETE CASCADE,
    grant_digest text,
    other_digest text,
    content text NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
  )`,
  `CREATE INDEX ix_openid_records_client ON openid_records (client_id)`,
  `CREATE INDEX ix_openid_records_session ON openid_records (session_id)`,
  `CREATE INDEX ix_openid_records_grant ON openid_records (grant_digest)`,
  `CREATE INDEX ix_openid_records_other ON openid_records (other_digest)`,
  `CREATE INDEX ix_openid_records_expires ON openid_records (expires_at)`,
  `CREATE TABLE openid_logouts (
    client_id uuid NOT NULL CONSTRAINT fk_openid_logouts_client REFERENCES openid_clients(id) ON DELETE CASCADE,
    sid text NOT NULL,
    attempts smallint NOT NULL,
    due_at timestamptz NOT NULL,
    CONSTRAINT pk_openid_logouts PRIMARY KEY (client_id, sid)
  )`,
  `CREATE INDEX ix_openid_logouts_due ON openid_logouts (due_at)`,
  `CREATE TABLE openid_consents (
    user_id uuid NOT NULL CONSTRAINT fk_openid_consents_user REFERENCES users(id),
    client_id uuid NOT NULL CONSTRAINT fk_openid_consents_client REFERENCES openid_clients(id) ON DELETE CASCADE,
    subject uuid NOT NULL,
    scopes text[] NOT NULL,
    given_at timestamptz NOT NULL,
    CONSTRAINT pk_openid_consents PRIMARY KEY (user_id, client_id)
  )`,
  `CREATE INDEX ix_openid_consents_client ON openid_consents (client_id)`,
  `CREATE TABLE openid_seen_clients (
    user_id uuid NOT NULL CONSTRAINT fk_openid_seen_clients_user REFERENCES users(id),
    client_id uuid NOT NULL CONSTRAINT fk_openid_seen_clients_client REFERENCES openid_clients(id) ON DELETE CASCADE,
    digest text NOT NULL,
    seen_at timestamptz NOT NULL,
    CONSTRAINT pk_openid_seen_clients PRIMARY KEY (user_id, client_id)
  )`,
  `CREATE INDEX ix_openid_seen_clients_client ON openid_seen_clients (client_id)`,
  `CREATE TABLE openid_keys (
    id text CONSTRAINT pk_openid_keys PRIMARY KEY,
    private_key text NOT NULL,
    CONSTRAINT fk_openid_keys_identity_key FOREIGN KEY (id) REFERENCES identity_keys(id) ON DELETE CASCADE
  )`,
];

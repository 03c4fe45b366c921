/** Tables of libs/wallets. */
export const wallets: readonly string[] = [
  `CREATE TABLE embedded_wallets (
    wallet_id uuid NOT NULL,
    created_for uuid NOT NULL,
    environment text NOT NULL,
    provider text NOT NULL,
    requested_at timestamptz NOT NULL,
    created_at timestamptz,
    exported_at timestamptz,
    frozen_at timestamptz,
    frozen_by text,
    used_elsewhere_at timestamptz,
    CONSTRAINT pk_embedded_wallets PRIMARY KEY (wallet_id),
    CONSTRAINT uq_embedded_wallets_owner UNIQUE (created_for, environment, provider),
    CONSTRAINT chk_embedded_wallets_frozen CHECK ((frozen_at IS NULL) = (frozen_by IS NULL))
  )`,
  `CREATE INDEX ix_embedded_wallets_unfinished ON embedded_wallets (requested_at) WHERE (created_at IS NULL)`,
  `CREATE TABLE wallets (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    identity_id uuid,
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
    sign_in_allowed_at timestamptz,
    key_may_change boolean DEFAULT false NOT NULL,
    owners_changes integer DEFAULT 0 NOT NULL,
    address text,
    CONSTRAINT pk_wallets PRIMARY KEY (id),
    CONSTRAINT uq_wallets_identity UNIQUE (identity_id),
    CONSTRAINT fk_wallets_own_identity FOREIGN KEY (user_id, identity_id) REFERENCES identities(user_id, id) ON DELETE CASCADE
      DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_wallets_user FOREIGN KEY (user_id) REFERENCES users(id),
    CONSTRAINT chk_wallets_kind CHECK (kind IN ('embedded', 'linked') AND ((kind = 'linked') = (identity_id IS NOT NULL)) AND
      ((kind = 'embedded') = (address IS NOT NULL)))
  )`,
  `CREATE INDEX ix_wallets_checked ON wallets (checked_at, id) WHERE ((chain_id IS NOT NULL) OR key_may_change)`,
  `CREATE INDEX ix_wallets_owners_changed ON wallets (id) WHERE (owners_changed_at IS NOT NULL)`,
  `CREATE INDEX ix_wallets_user ON wallets (user_id, id)`,
  `CREATE UNIQUE INDEX uq_wallets_primary ON wallets (user_id) WHERE is_primary`,
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
    CONSTRAINT fk_wallet_acts_application FOREIGN KEY (application_id) REFERENCES applications(id),
    CONSTRAINT fk_wallet_acts_session FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE SET NULL,
    CONSTRAINT fk_wallet_acts_wallet FOREIGN KEY (wallet_id) REFERENCES wallets(id) ON DELETE CASCADE,
    CONSTRAINT chk_wallet_acts_order CHECK (((allowed_at IS NOT NULL) OR ((attempted_at IS NULL) AND done_at IS NULL)) AND
      (octet_length(digest) = 32))
  )`,
  `CREATE INDEX ix_wallet_acts_session ON wallet_acts (session_id)`,
  `CREATE INDEX ix_wallet_acts_unused ON wallet_acts (expires_at) WHERE (allowed_at IS NULL)`,
  `CREATE INDEX ix_wallet_acts_wallet ON wallet_acts (wallet_id, id)`,
  `CREATE TABLE wallet_brake (
    is_on boolean NOT NULL,
    reason text NOT NULL,
    applied_at timestamptz NOT NULL,
    CONSTRAINT pk_wallet_brake PRIMARY KEY (is_on),
    CONSTRAINT chk_wallet_brake_one CHECK (is_on)
  )`,
  `CREATE TABLE wallet_database (
    is_only boolean NOT NULL,
    origin text NOT NULL,
    CONSTRAINT pk_wallet_database PRIMARY KEY (is_only),
    CONSTRAINT chk_wallet_database_one CHECK (is_only)
  )`,
  `CREATE TABLE wallet_destructions (
    wallet_id uuid NOT NULL,
    call_id uuid NOT NULL,
    requested_at timestamptz NOT NULL,
    CONSTRAINT pk_wallet_destructions PRIMARY KEY (wallet_id)
  )`,
  `CREATE TABLE wallet_grants (
    wallet_id uuid NOT NULL,
    application_id uuid NOT NULL,
    granted_at timestamptz NOT NULL,
    CONSTRAINT pk_wallet_grants PRIMARY KEY (wallet_id, application_id),
    CONSTRAINT fk_wallet_grants_application FOREIGN KEY (application_id) REFERENCES applications(id),
    CONSTRAINT fk_wallet_grants_wallet FOREIGN KEY (wallet_id) REFERENCES wallets(id) ON DELETE CASCADE
  )`,
  `CREATE TABLE wallet_address_digests (
    key_id text NOT NULL,
    wallet_id uuid NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT pk_wallet_address_digests PRIMARY KEY (key_id, wallet_id),
    CONSTRAINT fk_wallet_address_digests_wallet FOREIGN KEY (wallet_id) REFERENCES wallets(id) ON DELETE CASCADE
  )`,
  `CREATE INDEX ix_wallet_address_digests_wallet ON wallet_address_digests (wallet_id)`,
  `CREATE TABLE sends (
    id uuid NOT NULL,
    wallet_id uuid NOT NULL,
    application_id uuid NOT NULL,
    session_id uuid,
    chain_id text NOT NULL,
    key_digest bytea NOT NULL,
    request_digest bytea NOT NULL,
    nonce bigint,
    state text NOT NULL,
    revision integer NOT NULL,
    details text NOT NULL,
    outcome text,
    created_at timestamptz NOT NULL,
    looked_at timestamptz NOT NULL,
    broadcast_at timestamptz NOT NULL,
    signed_at timestamptz,
    is_compat boolean DEFAULT false NOT NULL,
    refusal text,
    freeze_until timestamptz,
    CONSTRAINT pk_sends PRIMARY KEY (id),
    CONSTRAINT uq_sends_key UNIQUE (wallet_id, key_digest),
    CONSTRAINT fk_sends_application FOREIGN KEY (application_id) REFERENCES applications(id),
    CONSTRAINT fk_sends_session FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE SET NULL,
    CONSTRAINT fk_sends_wallet FOREIGN KEY (wallet_id) REFERENCES wallets(id) ON DELETE CASCADE,
    CONSTRAINT chk_sends_digests CHECK ((octet_length(key_digest) = 32) AND (octet_length(request_digest) = 32) AND (nonce >= 0)),
    CONSTRAINT chk_sends_nonce CHECK ( CASE WHEN (nonce IS NULL) THEN state IN ('waiting', 'not-sent') ELSE (state <> 'waiting')
      END)
  )`,
  `CREATE INDEX ix_sends_open ON sends (chain_id, looked_at) WHERE (state = ANY (ARRAY['broadcasting', 'mined']))`,
  `CREATE INDEX ix_sends_session ON sends (session_id)`,
  `CREATE INDEX ix_sends_signed ON sends (wallet_id, signed_at)`,
  `CREATE INDEX ix_sends_state ON sends (state, id)`,
  `CREATE INDEX ix_sends_wallet ON sends (wallet_id, id)`,
  `CREATE UNIQUE INDEX uq_sends_nonce ON sends (wallet_id, chain_id, nonce) WHERE (state <> ALL (ARRAY['replaced', 'not-sent']))`,
  `CREATE TABLE send_versions (
    send_id uuid NOT NULL,
    number integer NOT NULL,
    kind text NOT NULL,
    raw text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_send_versions PRIMARY KEY (send_id, number),
    CONSTRAINT fk_send_versions_send FOREIGN KEY (send_id) REFERENCES sends(id) ON DELETE CASCADE,
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
    CONSTRAINT fk_send_answers_version FOREIGN KEY (send_id, version) REFERENCES send_versions(send_id, number) ON DELETE CASCADE
  )`,
  `CREATE TABLE send_recipients (
    id uuid NOT NULL,
    wallet_id uuid NOT NULL,
    digest bytea NOT NULL,
    recipient text NOT NULL,
    known_since timestamptz NOT NULL,
    CONSTRAINT pk_send_recipients PRIMARY KEY (id),
    CONSTRAINT uq_send_recipients_digest UNIQUE (wallet_id, digest),
    CONSTRAINT fk_send_recipients_wallet FOREIGN KEY (wallet_id) REFERENCES wallets(id) ON DELETE CASCADE,
    CONSTRAINT chk_send_recipients_digest CHECK (octet_length(digest) = 32)
  )`,
  `CREATE TABLE send_sums (
    id text NOT NULL,
    sums text NOT NULL,
    CONSTRAINT pk_send_sums PRIMARY KEY (id)
  )`,
  `CREATE TABLE send_waits (
    send_id uuid NOT NULL,
    request text NOT NULL,
    waits_until timestamptz,
    launch_until timestamptz,
    launched_at timestamptz,
    confirmed_at timestamptz,
    CONSTRAINT pk_send_waits PRIMARY KEY (send_id),
    CONSTRAINT fk_send_waits_send FOREIGN KEY (send_id) REFERENCES sends(id) ON DELETE CASCADE,
    CONSTRAINT chk_send_waits_until CHECK ((waits_until IS NULL) <> (launch_until IS NULL))
  )`,
  `CREATE TABLE sending_leases (
    chain_id text NOT NULL,
    lease uuid NOT NULL,
    lease_until timestamptz NOT NULL,
    CONSTRAINT pk_sending_leases PRIMARY KEY (chain_id)
  )`,
  `CREATE TABLE wallet_nonces (
    wallet_id uuid NOT NULL,
    chain_id text NOT NULL,
    next bigint NOT NULL,
    CONSTRAINT pk_wallet_nonces PRIMARY KEY (wallet_id, chain_id),
    CONSTRAINT fk_wallet_nonces_wallet FOREIGN KEY (wallet_id) REFERENCES wallets(id) ON DELETE CASCADE,
    CONSTRAINT chk_wallet_nonces_next CHECK (next >= 0)
  )`,
  `CREATE TABLE wallet_send_limits (
    wallet_id uuid NOT NULL,
    limits text NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT pk_wallet_send_limits PRIMARY KEY (wallet_id),
    CONSTRAINT fk_wallet_send_limits_wallet FOREIGN KEY (wallet_id) REFERENCES wallets(id) ON DELETE CASCADE
  )`,
  `CREATE TABLE chain_positions (
    chain_id text NOT NULL,
    genesis_hash text,
    lease uuid,
    lease_until timestamptz,
    head_number bigint,
    tip_number bigint,
    tip_hash text,
    final_number bigint,
    state text NOT NULL,
    fault text,
    state_since timestamptz NOT NULL,
    confirmed_at timestamptz,
    CONSTRAINT pk_chain_positions PRIMARY KEY (chain_id),
    CONSTRAINT chk_chain_positions_fault CHECK ((fault IS NOT NULL) OR state NOT IN ('waiting', 'stopped')),
    CONSTRAINT chk_chain_positions_lease CHECK ((lease IS NULL) = (lease_until IS NULL)),
    CONSTRAINT chk_chain_positions_state CHECK (state IN ('starting', 'catching-up', 'following', 'waiting', 'stopped')),
    CONSTRAINT chk_chain_positions_tip CHECK (((tip_number IS NULL) = (tip_hash IS NULL)) AND (final_number <= tip_number))
  )`,
  `CREATE TABLE chain_blocks (
    chain_id text NOT NULL,
    number bigint NOT NULL,
    hash text NOT NULL,
    parent_hash text NOT NULL,
    is_recomputed boolean DEFAULT false NOT NULL,
    CONSTRAINT pk_chain_blocks PRIMARY KEY (chain_id, number),
    CONSTRAINT uq_chain_blocks_hash UNIQUE (chain_id, hash),
    CONSTRAINT fk_chain_blocks_chain FOREIGN KEY (chain_id) REFERENCES chain_positions(chain_id)
  )`,
  `CREATE TABLE chain_starts (
    chain_id text NOT NULL,
    linked_until timestamptz NOT NULL,
    from_block bigint NOT NULL,
    CONSTRAINT pk_chain_starts PRIMARY KEY (chain_id, linked_until),
    CONSTRAINT fk_chain_starts_chain FOREIGN KEY (chain_id) REFERENCES chain_positions(chain_id)
  )`,
  `CREATE TABLE token_name_keys (
    chain_id text NOT NULL,
    names_key text NOT NULL,
    CONSTRAINT pk_token_name_keys PRIMARY KEY (chain_id)
  )`,
  `CREATE TABLE token_names (
    chain_id text NOT NULL,
    digest bytea NOT NULL,
    content text NOT NULL,
    asked_on date NOT NULL,
    CONSTRAINT pk_token_names PRIMARY KEY (chain_id, digest),
    CONSTRAINT fk_token_names_key FOREIGN KEY (chain_id) REFERENCES token_name_keys(chain_id)
  )`,
  `CREATE INDEX ix_token_names_asked ON token_names (asked_on)`,
  `CREATE TABLE wallet_assets (
    digest bytea NOT NULL,
    asset bytea NOT NULL,
    sequence integer NOT NULL,
    is_collectible boolean NOT NULL,
    is_held boolean NOT NULL,
    is_hidden boolean NOT NULL,
    content text NOT NULL,
    CONSTRAINT pk_wallet_assets PRIMARY KEY (digest, asset),
    CONSTRAINT uq_wallet_assets_sequence UNIQUE (digest, sequence)
  )`,
  `CREATE INDEX ix_wallet_assets_collectibles ON wallet_assets (digest, sequence) WHERE (is_collectible AND is_held)`,
  `CREATE TABLE wallet_chains (
    wallet_id uuid NOT NULL,
    chain_id text NOT NULL,
    from_block bigint NOT NULL,
    counterparties text,
    has_gap boolean DEFAULT false NOT NULL,
    CONSTRAINT pk_wallet_chains PRIMARY KEY (wallet_id, chain_id),
    CONSTRAINT fk_wallet_chains_chain FOREIGN KEY (chain_id) REFERENCES chain_positions(chain_id),
    CONSTRAINT fk_wallet_chains_wallet FOREIGN KEY (wallet_id) REFERENCES wallets(id) ON DELETE CASCADE
  )`,
  `CREATE INDEX ix_wallet_chains_chain ON wallet_chains (chain_id)`,
  `CREATE TABLE wallet_back_fills (
    wallet_id uuid NOT NULL,
    chain_id text NOT NULL,
    is_done boolean NOT NULL,
    progress text NOT NULL,
    CONSTRAINT pk_wallet_back_fills PRIMARY KEY (wallet_id, chain_id),
    CONSTRAINT fk_wallet_back_fills_followed FOREIGN KEY (wallet_id, chain_id) REFERENCES wallet_chains(wallet_id, chain_id) ON
      DELETE CASCADE
  )`,
  `CREATE TABLE wallet_remains (
    digest bytea NOT NULL,
    CONSTRAINT pk_wallet_remains PRIMARY KEY (digest)
  )`,
  `CREATE TABLE wallet_tallies (
    digest bytea NOT NULL,
    content text NOT NULL,
    CONSTRAINT pk_wallet_tallies PRIMARY KEY (digest)
  )`,
  `CREATE TABLE wallet_transfers (
    digest bytea NOT NULL,
    sequence bigint NOT NULL,
    entry bytea NOT NULL,
    is_hidden boolean NOT NULL,
    content text NOT NULL,
    CONSTRAINT pk_wallet_transfers PRIMARY KEY (digest, sequence),
    CONSTRAINT uq_wallet_transfers_entry UNIQUE (digest, entry)
  )`,
  `CREATE INDEX ix_wallet_transfers_shown ON wallet_transfers (digest, sequence) WHERE (NOT is_hidden)`,
  `CREATE TABLE wallet_transfers_pending (
    chain_id text NOT NULL,
    block_number bigint NOT NULL,
    block_hash text NOT NULL,
    digest bytea NOT NULL,
    "position" integer NOT NULL,
    content text NOT NULL,
    orphaned_at timestamptz,
    CONSTRAINT pk_wallet_transfers_pending PRIMARY KEY (chain_id, block_hash, digest, "position"),
    CONSTRAINT fk_wallet_transfers_pending_chain FOREIGN KEY (chain_id) REFERENCES chain_positions(chain_id)
  )`,
  `CREATE INDEX ix_wallet_transfers_pending_number ON wallet_transfers_pending (chain_id, block_number)`,
];

export const wallets: readonly string[] = [
  `CREATE TABLE wallets (
    id uuid CONSTRAINT pk_wallets PRIMARY KEY,
    user_id uuid NOT NULL CONSTRAINT fk_wallets_user REFERENCES users(id),
    identity_id uuid CONSTRAINT uq_wallets_identity UNIQUE,
    kind text NOT NULL,
    provider text NOT NULL,
    environment text NOT NULL,
    application_id uuid CONSTRAINT fk_wallets_application REFERENCES applications(id),
    chain_id text,
    label text,
    is_primary boolean NOT NULL,
    wallet_key text NOT NULL,
    evidence text,
    linked_at timestamptz NOT NULL,
    checked_at timestamptz NOT NULL,
    address text,
    CONSTRAINT fk_wallets_own_identity FOREIGN KEY (user_id, identity_id) REFERENCES identities(user_id, id) ON DELETE CASCADE
      DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT chk_wallets_application CHECK (application_id IS NULL OR kind = 'embedded' AND NOT is_primary),
    CONSTRAINT chk_wallets_kind CHECK (kind IN ('connected', 'embedded', 'linked') AND ((kind = 'linked') = (identity_id IS NOT NULL)) AND
      ((kind = 'linked') = (address IS NULL)) AND NOT (is_primary AND kind = 'connected') AND (kind = 'connected' OR chain_id IS NULL))
  )`,
  `CREATE INDEX ix_wallets_user ON wallets (user_id, id)`,
  `CREATE UNIQUE INDEX uq_wallets_primary ON wallets (user_id) WHERE is_primary`,
  `CREATE TABLE wallet_address_digests (
    key_id text NOT NULL,
    wallet_id uuid NOT NULL CONSTRAINT fk_wallet_address_digests_wallet REFERENCES wallets(id) ON DELETE CASCADE,
    digest bytea NOT NULL,
    CONSTRAINT pk_wallet_address_digests PRIMARY KEY (key_id, wallet_id)
  )`,
  `CREATE INDEX ix_wallet_address_digests_digest ON wallet_address_digests (key_id, digest)`,
  `CREATE INDEX ix_wallet_address_digests_wallet ON wallet_address_digests (wallet_id)`,
];

export const embeddedWallets: readonly string[] = [
  `CREATE TABLE embedded_wallets (
    wallet_id uuid CONSTRAINT pk_embedded_wallets PRIMARY KEY,
    created_for uuid NOT NULL,
    environment text NOT NULL,
    provider text NOT NULL,
    assurance text NOT NULL,
    application_id uuid CONSTRAINT fk_embedded_wallets_application REFERENCES applications(id),
    requested_at timestamptz NOT NULL,
    created_at timestamptz,
    exported_at timestamptz,
    used_elsewhere_at timestamptz,
    way_out_ready_at timestamptz,
    CONSTRAINT chk_embedded_wallets_assurance CHECK (assurance IN ('bot-token', 'platform') AND
      (application_id IS NULL OR assurance = 'bot-token'))
  )`,
  `CREATE UNIQUE INDEX uq_embedded_wallets_owner ON embedded_wallets (created_for, environment, provider)
    WHERE (application_id IS NULL)`,
  `CREATE UNIQUE INDEX uq_embedded_wallets_application ON embedded_wallets (created_for, environment, provider, application_id)
    WHERE (application_id IS NOT NULL)`,
  `CREATE INDEX ix_embedded_wallets_unfinished ON embedded_wallets (requested_at) WHERE (created_at IS NULL)`,
  `CREATE TABLE wallet_acts (
    id uuid CONSTRAINT pk_wallet_acts PRIMARY KEY,
    wallet_id uuid NOT NULL CONSTRAINT fk_wallet_acts_wallet REFERENCES wallets(id) ON DELETE CASCADE,
    application_id uuid NOT NULL CONSTRAINT fk_wallet_acts_application REFERENCES applications(id),
    session_id uuid CONSTRAINT fk_wallet_acts_session REFERENCES sessions(id) ON DELETE SET NULL,
    kind text NOT NULL,
    request text,
    details text,
    consent jsonb,
    key_digest bytea,
    expires_at timestamptz NOT NULL,
    allowed_at timestamptz,
    attempted_at timestamptz,
    done_at timestamptz,
    CONSTRAINT uq_wallet_acts_key UNIQUE (wallet_id, key_digest),
    CONSTRAINT chk_wallet_acts_order CHECK ((allowed_at IS NOT NULL) OR ((attempted_at IS NULL) AND done_at IS NULL))
  )`,
  `CREATE INDEX ix_wallet_acts_session ON wallet_acts (session_id)`,
  `CREATE INDEX ix_wallet_acts_unused ON wallet_acts (expires_at) WHERE (allowed_at IS NULL)`,
  `CREATE INDEX ix_wallet_acts_exports ON wallet_acts (allowed_at) WHERE (kind = 'export' AND done_at IS NULL)`,
  `CREATE INDEX ix_wallet_acts_wallet ON wallet_acts (wallet_id, id)`,
  `CREATE TABLE wallet_database (
    is_only boolean CONSTRAINT pk_wallet_database PRIMARY KEY CONSTRAINT chk_wallet_database_one CHECK (is_only),
    origin text NOT NULL
  )`,
  `CREATE TABLE wallet_destructions (
    wallet_id uuid CONSTRAINT pk_wallet_destructions PRIMARY KEY,
    call_id uuid NOT NULL,
    requested_at timestamptz NOT NULL
  )`,
  `CREATE TABLE sends (
    id uuid CONSTRAINT pk_sends PRIMARY KEY,
    wallet_id uuid NOT NULL CONSTRAINT fk_sends_wallet REFERENCES wallets(id) ON DELETE CASCADE,
    application_id uuid NOT NULL CONSTRAINT fk_sends_application REFERENCES applications(id),
    session_id uuid CONSTRAINT fk_sends_session REFERENCES sessions(id) ON DELETE SET NULL,
    chain_id text NOT NULL,
    nonce bigint NOT NULL CONSTRAINT chk_sends_nonce CHECK (nonce >= 0),
    state text NOT NULL,
    revision integer NOT NULL,
    details text NOT NULL,
    outcome text,
    created_at timestamptz NOT NULL,
    looked_at timestamptz NOT NULL,
    broadcast_at timestamptz NOT NULL,
    answers jsonb DEFAULT '[]' NOT NULL,
    is_compat boolean DEFAULT false NOT NULL
  )`,
  `CREATE INDEX ix_sends_open ON sends (chain_id, looked_at) WHERE (state = ANY (ARRAY['broadcasting', 'mined']))`,
  `CREATE INDEX ix_sends_session ON sends (session_id)`,
  `CREATE INDEX ix_sends_state ON sends (state, id)`,
  `CREATE INDEX ix_sends_wallet ON sends (wallet_id, id)`,
  `CREATE UNIQUE INDEX uq_sends_nonce ON sends (wallet_id, chain_id, nonce) WHERE (state <> ALL (ARRAY['replaced', 'not-sent']))`,
  `CREATE TABLE send_versions (
    send_id uuid NOT NULL CONSTRAINT fk_send_versions_send REFERENCES sends(id) ON DELETE CASCADE,
    number integer NOT NULL CONSTRAINT chk_send_versions_number CHECK (number > 0),
    kind text NOT NULL,
    raw text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_send_versions PRIMARY KEY (send_id, number)
  )`,
  `CREATE TABLE send_signings (
    call_id uuid CONSTRAINT pk_send_signings PRIMARY KEY,
    wallet_id uuid NOT NULL CONSTRAINT fk_send_signings_wallet REFERENCES wallets(id) ON DELETE CASCADE,
    requested_at timestamptz NOT NULL
  )`,
  `CREATE INDEX ix_send_signings_wallet ON send_signings (wallet_id)`,
  `CREATE TABLE sending_leases (
    chain_id text CONSTRAINT pk_sending_leases PRIMARY KEY,
    lease uuid NOT NULL,
    lease_until timestamptz NOT NULL
  )`,
  `CREATE TABLE wallet_nonces (
    wallet_id uuid NOT NULL CONSTRAINT fk_wallet_nonces_wallet REFERENCES wallets(id) ON DELETE CASCADE,
    chain_id text NOT NULL,
    next bigint NOT NULL CONSTRAINT chk_wallet_nonces_next CHECK (next >= 0),
    CONSTRAINT pk_wallet_nonces PRIMARY KEY (wallet_id, chain_id)
  )`,
  // For custody, whose role reads no table. An erased wallet has no rows: `is_erased` says so until custody has
  // destroyed it.
  `CREATE FUNCTION calls_without_act(calls uuid[], of_wallets uuid[])
    RETURNS TABLE (call_id uuid, is_erased boolean) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
      SELECT made.call_id, NOT EXISTS (SELECT FROM wallets w WHERE w.id = made.wallet_id)
      FROM unnest(calls, of_wallets) AS made (call_id, wallet_id)
      WHERE NOT EXISTS (SELECT FROM wallet_acts a
          WHERE a.id = made.call_id AND a.wallet_id = made.wallet_id AND a.allowed_at IS NOT NULL)
        AND NOT EXISTS (SELECT FROM send_signings s WHERE s.call_id = made.call_id AND s.wallet_id = made.wallet_id)
        AND NOT EXISTS (SELECT FROM wallet_destructions d WHERE d.wallet_id = made.wallet_id)
    $$`,
];

/** The calls of custody's journal, $1, with the ids of their wallets, $2, that no act and no version of a send has. */
export const CALLS_WITHOUT_ACT =
  'SELECT call_id AS "callId", is_erased AS "isErased" FROM public.calls_without_act($1, $2)';

export interface CallWithoutAct {
  readonly callId: string;
  /** Whether the wallet is unknown, as after an erasure. Then custody has destroyed it. */
  readonly isErased: boolean;
}

/** Keys that people have not exported. Without the tables of embedded wallets, custody would store them forever. */
export const KEYS_IN_CUSTODY = `
  SELECT (SELECT count(*) FROM embedded_wallets WHERE created_at IS NOT NULL AND exported_at IS NULL)
    + (SELECT count(*) FROM wallet_destructions) AS count`;

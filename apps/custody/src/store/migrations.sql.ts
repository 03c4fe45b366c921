import type { PoolClient } from 'pg';

const NAME = 'Custody1799000000000';
const SCHEMA = `
  CREATE TABLE custody.wallets (
    id uuid PRIMARY KEY,
    entropy text,
    keys text,
    -- What decides about the wallet. All other columns only find it.
    state text,
    key_id text,
    -- Key and blind index of whose it is; null until the person said so.
    owner text,
    destroyed_at timestamptz,
    CONSTRAINT ck_wallets_destroyed CHECK (num_nulls(entropy, keys, state, key_id) IN (0, 4))
  );
  CREATE INDEX ix_wallets_key_id ON custody.wallets (key_id) WHERE key_id IS NOT NULL;
  CREATE INDEX ix_wallets_owner ON custody.wallets (owner) WHERE owner IS NOT NULL;
  CREATE INDEX ix_wallets_destroyed_at ON custody.wallets (destroyed_at)
    WHERE destroyed_at IS NOT NULL AND key_id IS NOT NULL;
  CREATE TABLE custody.journal (
    sequence bigint PRIMARY KEY,
    call_id uuid NOT NULL CONSTRAINT uq_journal_call UNIQUE,
    call text NOT NULL,
    wallet_id uuid NOT NULL,
    kind text,
    digest bytea,
    consent bytea,
    at timestamptz NOT NULL,
    hash bytea NOT NULL
  );
  CREATE INDEX ix_journal_wallet ON custody.journal (wallet_id, sequence);
  CREATE INDEX ix_journal_change ON custody.journal (wallet_id, sequence)
    WHERE call NOT IN ('sign', 'cancel', 'accept', 'export', 'brake');
  CREATE INDEX ix_journal_of_all ON custody.journal (call, sequence) WHERE call IN ('brake', 'release', 'restored', 'ring-split', 'rules', 'way-out');
  CREATE INDEX ix_journal_consent ON custody.journal (consent) WHERE consent IS NOT NULL;
  CREATE TABLE custody.journal_head (
    singleton boolean PRIMARY KEY DEFAULT true CONSTRAINT ck_journal_head_singleton CHECK (singleton),
    sequence bigint NOT NULL,
    hash bytea NOT NULL,
    -- The last entry that was compared with what the API has allowed, and how many were not.
    compared bigint NOT NULL DEFAULT 0,
    without_act bigint NOT NULL DEFAULT 0
  );
  INSERT INTO custody.journal_head (sequence, hash) VALUES (0, decode(repeat('00', 32), 'hex'));
  -- What was signed away in parts of windows, by wallet or of all.
  CREATE TABLE custody.sums (
    id text NOT NULL,
    starts_at timestamptz NOT NULL,
    amount numeric NOT NULL,
    PRIMARY KEY (id, starts_at)
  );
  -- Wallets on EVM chains: the chain's next nonce at a finalized block, as the reader reported it, and the highest one that was signed.
  CREATE TABLE custody.accounts (
    wallet_id uuid NOT NULL,
    chain text NOT NULL,
    next bigint,
    highest bigint,
    -- Whether the reader is asked. The account of a call that waits has no reported_at.
    is_wanted boolean NOT NULL DEFAULT true,
    reported_at timestamptz,
    PRIMARY KEY (wallet_id, chain)
  );
  CREATE INDEX ix_accounts_wanted ON custody.accounts (chain, reported_at) WHERE is_wanted;
  -- What signatures can still move, by the rule that limits it.
  CREATE TABLE custody.outstanding (
    wallet_id uuid NOT NULL,
    chain text NOT NULL,
    act text NOT NULL,
    name text NOT NULL,
    amount numeric NOT NULL,
    person text NOT NULL,
    nonce bigint,
    price numeric NOT NULL,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (wallet_id, chain, act, name)
  );
  CREATE INDEX ix_outstanding_name ON custody.outstanding (name, ends_at);
  CREATE TABLE custody.consents (
    digest bytea PRIMARY KEY,
    wallet_id uuid NOT NULL,
    state text NOT NULL,
    kept_until timestamptz NOT NULL
  );
  CREATE INDEX ix_consents_wallet ON custody.consents (wallet_id, kept_until);
  CREATE INDEX ix_consents_kept_until ON custody.consents (kept_until);
  CREATE FUNCTION custody.refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$;
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON custody.journal
    FOR EACH STATEMENT EXECUTE FUNCTION custody.refuse_change();`;

const LOCK = 4_221_771_947;

export async function migrateCustody(client: PoolClient): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
  const { rows: found } = await client.query<{ isOwn: boolean }>(
    `SELECT pg_get_userbyid(nspowner) = current_user AS "isOwn" FROM pg_namespace WHERE nspname = 'custody'`,
  );
  if (found.length === 0) await client.query('CREATE SCHEMA custody');
  if (found[0]?.isOwn === false)
    throw new Error('the schema custody belongs to another role than that of CUSTODY_DATABASE_URL');
  await client.query('REVOKE ALL ON SCHEMA custody FROM PUBLIC');
  await client.query('CREATE TABLE IF NOT EXISTS custody.migrations (name text PRIMARY KEY)');
  const { rows } = await client.query<{ name: string }>('SELECT name FROM custody.migrations');
  if (rows.some(({ name }) => name !== NAME))
    throw new Error('the schema custody is of another build: begin with an empty one (docs/operations.md)');
  if (rows.length > 0) return;
  await client.query(SCHEMA);
  await client.query('INSERT INTO custody.migrations (name) VALUES ($1)', [NAME]);
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = [
  // One row per chain. Only the holder of the lease writes the other tables.
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
    CONSTRAINT chk_chain_positions_state
      CHECK (state IN ('starting', 'catching-up', 'following', 'waiting', 'stopped')),
    CONSTRAINT chk_chain_positions_fault CHECK (fault IS NOT NULL OR state NOT IN ('waiting', 'stopped')),
    CONSTRAINT chk_chain_positions_lease CHECK ((lease IS NULL) = (lease_until IS NULL)),
    CONSTRAINT chk_chain_positions_tip
      CHECK ((tip_number IS NULL) = (tip_hash IS NULL) AND final_number <= tip_number)
  )`,

  `CREATE TABLE chain_blocks (
    chain_id text NOT NULL,
    number bigint NOT NULL,
    hash text NOT NULL,
    parent_hash text NOT NULL,
    CONSTRAINT pk_chain_blocks PRIMARY KEY (chain_id, number),
    CONSTRAINT uq_chain_blocks_hash UNIQUE (chain_id, hash),
    CONSTRAINT fk_chain_blocks_chain FOREIGN KEY (chain_id) REFERENCES chain_positions (chain_id)
  )`,

  `CREATE TABLE wallet_chains (
    wallet_id uuid NOT NULL,
    chain_id text NOT NULL,
    from_block bigint NOT NULL,
    counterparties text,
    CONSTRAINT pk_wallet_chains PRIMARY KEY (wallet_id, chain_id),
    CONSTRAINT fk_wallet_chains_wallet FOREIGN KEY (wallet_id) REFERENCES wallets (id) ON DELETE CASCADE,
    CONSTRAINT fk_wallet_chains_chain FOREIGN KEY (chain_id) REFERENCES chain_positions (chain_id)
  )`,
  'CREATE INDEX ix_wallet_chains_chain ON wallet_chains (chain_id)',

  // The digest of one wallet differs in each block, so that the blocks of one digest tell no address.
  `CREATE TABLE wallet_transfers_pending (
    chain_id text NOT NULL,
    block_number bigint NOT NULL,
    block_hash text NOT NULL,
    digest bytea NOT NULL,
    position integer NOT NULL,
    content text NOT NULL,
    orphaned_at timestamptz,
    CONSTRAINT pk_wallet_transfers_pending PRIMARY KEY (chain_id, block_hash, digest, position),
    CONSTRAINT fk_wallet_transfers_pending_chain FOREIGN KEY (chain_id) REFERENCES chain_positions (chain_id)
  )`,
  'CREATE INDEX ix_wallet_transfers_pending_number ON wallet_transfers_pending (chain_id, block_number)',

  `CREATE TABLE wallet_transfers (
    digest bytea NOT NULL,
    sequence bigint NOT NULL,
    entry bytea NOT NULL,
    is_hidden boolean NOT NULL,
    content text NOT NULL,
    CONSTRAINT pk_wallet_transfers PRIMARY KEY (digest, sequence),
    CONSTRAINT uq_wallet_transfers_entry UNIQUE (digest, entry)
  )`,
  'CREATE INDEX ix_wallet_transfers_shown ON wallet_transfers (digest, sequence) WHERE NOT is_hidden',

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
  'CREATE INDEX ix_wallet_assets_collectibles ON wallet_assets (digest, sequence) WHERE is_collectible AND is_held',

  // What is left of wallets that are gone, whose keys are destroyed: deleted in batches.
  `CREATE TABLE wallet_remains (
    digest bytea NOT NULL,
    CONSTRAINT pk_wallet_remains PRIMARY KEY (digest)
  )`,
];

const down = [
  'DROP TABLE wallet_remains',
  'DROP TABLE wallet_assets',
  'DROP TABLE wallet_transfers',
  'DROP TABLE wallet_transfers_pending',
  'DROP TABLE wallet_chains',
  'DROP TABLE chain_blocks',
  'DROP TABLE chain_positions',
];

/** What followed wallets did and hold, and how far the chains are read. */
export class WalletHistory1765600200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of up) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of down) await runner.query(statement);
  }
}

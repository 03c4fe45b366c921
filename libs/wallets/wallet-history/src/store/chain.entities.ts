import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';
import type { ReadingState } from '@countersign/wallet-reading';

export const WALLET_RETENTION = 'until the wallet is unlinked or the account is erased';

/** How far a chain is read, and by which replica. Numbers are decimal text. */
@Entity('chain_positions')
@Check('chk_chain_positions_state', `state IN ('starting', 'catching-up', 'following', 'waiting', 'stopped')`)
@Check('chk_chain_positions_fault', `fault IS NOT NULL OR state NOT IN ('waiting', 'stopped')`)
@Check('chk_chain_positions_lease', '(lease IS NULL) = (lease_until IS NULL)')
@Check('chk_chain_positions_tip', '(tip_number IS NULL) = (tip_hash IS NULL) AND final_number <= tip_number')
export class ChainPositionEntity {
  @PrimaryColumn({ name: 'chain_id', type: 'text', primaryKeyConstraintName: 'pk_chain_positions' })
  chainId: string;

  /** Of the chain that was read first under this id. */
  @Column({ name: 'genesis_hash', type: 'text', nullable: true })
  genesisHash: string | null;

  /** The replica that follows. It writes nothing after another one has taken the lease. */
  @Column({ type: 'uuid', nullable: true })
  lease: string | null;

  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil: Date | null;

  /** The highest block that a node reported. */
  @Column({ name: 'head_number', type: 'bigint', nullable: true })
  headNumber: string | null;

  /** The last block that is read. */
  @Column({ name: 'tip_number', type: 'bigint', nullable: true })
  tipNumber: string | null;

  @Column({ name: 'tip_hash', type: 'text', nullable: true })
  tipHash: string | null;

  /** The last block whose rows are final. */
  @Column({ name: 'final_number', type: 'bigint', nullable: true })
  finalNumber: string | null;

  @Column({ type: 'text' })
  state: ReadingState;

  /** A word for operators: why it waits or stopped. */
  @Column({ type: 'text', nullable: true })
  fault: string | null;

  @Column({ name: 'state_since', type: 'timestamptz' })
  stateSince: Date;

  /** When a node last agreed that the tip is the head of the chain. */
  @Column({ name: 'confirmed_at', type: 'timestamptz', nullable: true })
  confirmedAt: Date | null;
}

/** The blocks that are read and not final, and the last final one. */
@Entity('chain_blocks')
@Unique('uq_chain_blocks_hash', ['chainId', 'hash'])
export class ChainBlockEntity {
  @PrimaryColumn({ name: 'chain_id', type: 'text', primaryKeyConstraintName: 'pk_chain_blocks' })
  @ForeignKey(() => ChainPositionEntity, { name: 'fk_chain_blocks_chain' })
  chainId: string;

  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_chain_blocks' })
  number: string;

  @Column({ type: 'text' })
  hash: string;

  @Column({ name: 'parent_hash', type: 'text' })
  parentHash: string;

  /** Its hash was recomputed from the contents that were read. */
  @Column({ name: 'is_recomputed', type: 'boolean', default: false })
  isRecomputed: boolean;
}

/** Wallets that were linked up to an instant are followed from a block on, unless an earlier row or one of their own says otherwise. */
@Entity('chain_starts')
export class ChainStartEntity {
  @PrimaryColumn({ name: 'chain_id', type: 'text', primaryKeyConstraintName: 'pk_chain_starts' })
  @ForeignKey(() => ChainPositionEntity, { name: 'fk_chain_starts_chain' })
  chainId: string;

  @PrimaryColumn({ name: 'linked_until', type: 'timestamptz', primaryKeyConstraintName: 'pk_chain_starts' })
  linkedUntil: Date;

  @Column({ name: 'from_block', type: 'bigint' })
  fromBlock: string;
}

/** A wallet that something is stored of, or whose earlier blocks are searched: from which block on the chain is read for it. */
@Entity('wallet_chains')
export class WalletChainEntity {
  @PrimaryColumn({ name: 'wallet_id', type: 'uuid', primaryKeyConstraintName: 'pk_wallet_chains' })
  @ForeignKey('WalletEntity', { name: 'fk_wallet_chains_wallet', onDelete: 'CASCADE' })
  walletId: string;

  @Index('ix_wallet_chains_chain')
  @PrimaryColumn({ name: 'chain_id', type: 'text', primaryKeyConstraintName: 'pk_wallet_chains' })
  @ForeignKey(() => ChainPositionEntity, { name: 'fk_wallet_chains_chain' })
  chainId: string;

  @Column({ name: 'from_block', type: 'bigint' })
  fromBlock: string;

  /** Something of its blocks could not be stored, since a key or a row could not be opened. */
  @Column({ name: 'has_gap', type: 'boolean', default: false })
  hasGap: boolean;

  /** JSON of the last addresses that the wallet sent something to. */
  @Personal({
    what: 'addresses that a wallet sent something to',
    why: 'to notice addresses that were made to look like them',
    retention: WALLET_RETENTION,
    visibleTo: [],
  })
  @Column({ type: 'text', nullable: true })
  counterparties: Sealed | null;
}

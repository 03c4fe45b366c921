import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';
import { ChainPositionEntity, WALLET_RETENTION } from './chain.entities';

const TRANSFERS = {
  what: 'transfers of a wallet, with block, transaction, counterparty and amount',
  why: 'to show its history to the person',
  retention: WALLET_RETENTION,
  visibleTo: ['person'],
} as const;

/** What a wallet did in a block that is not final. */
@Entity('wallet_transfers_pending')
@Index('ix_wallet_transfers_pending_number', ['chainId', 'blockNumber'])
export class PendingTransferEntity {
  @PrimaryColumn({ name: 'chain_id', type: 'text', primaryKeyConstraintName: 'pk_wallet_transfers_pending' })
  @ForeignKey(() => ChainPositionEntity, { name: 'fk_wallet_transfers_pending_chain' })
  chainId: string;

  @Column({ name: 'block_number', type: 'bigint' })
  blockNumber: string;

  @PrimaryColumn({
    name: 'block_hash',
    type: 'text',
    primaryKeyConstraintName: 'pk_wallet_transfers_pending',
  })
  blockHash: string;

  /** Of the wallet and the block, see `pendingDigest`. */
  @PrimaryColumn({ type: 'bytea', primaryKeyConstraintName: 'pk_wallet_transfers_pending' })
  digest: Buffer;

  /** Among the rows of the wallet in the block. */
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_wallet_transfers_pending' })
  position: number;

  /** JSON of a `HistoryEntry`. */
  @Personal(TRANSFERS)
  @Column({ type: 'text' })
  content: Sealed;

  /** When the chain turned out not to have the block. */
  @Column({ name: 'orphaned_at', type: 'timestamptz', nullable: true })
  orphanedAt: Date | null;
}

/** What a wallet did in a final block. */
@Entity('wallet_transfers')
@Unique('uq_wallet_transfers_entry', ['digest', 'entry'])
@Index('ix_wallet_transfers_shown', ['digest', 'sequence'], { where: 'NOT is_hidden' })
export class WalletTransferEntity {
  /** Of the wallet and the chain, see `historyDigest`. */
  @PrimaryColumn({ type: 'bytea', primaryKeyConstraintName: 'pk_wallet_transfers' })
  digest: Buffer;

  /** In the order of the chain, from 1; of blocks before the first followed one from -1 downwards. */
  @PrimaryColumn({ type: 'bigint', primaryKeyConstraintName: 'pk_wallet_transfers' })
  sequence: string;

  /** A keyed digest of the transaction, so that none is there twice. */
  @Column({ type: 'bytea' })
  entry: Buffer;

  @Column({ name: 'is_hidden', type: 'boolean' })
  isHidden: boolean;

  /** JSON of a `HistoryEntry`. */
  @Personal(TRANSFERS)
  @Column({ type: 'text' })
  content: Sealed;
}

/** What final transfers changed of one asset of a wallet. */
@Entity('wallet_assets')
@Unique('uq_wallet_assets_sequence', ['digest', 'sequence'])
@Index('ix_wallet_assets_collectibles', ['digest', 'sequence'], { where: 'is_collectible AND is_held' })
export class WalletAssetEntity {
  /** Of the wallet and the chain, see `assetsDigest`. */
  @PrimaryColumn({ type: 'bytea', primaryKeyConstraintName: 'pk_wallet_assets' })
  digest: Buffer;

  /** A keyed digest of the asset. */
  @PrimaryColumn({ type: 'bytea', primaryKeyConstraintName: 'pk_wallet_assets' })
  asset: Buffer;

  /** In the order of the first transfer, from 1. */
  @Column({ type: 'integer' })
  sequence: number;

  @Column({ name: 'is_collectible', type: 'boolean' })
  isCollectible: boolean;

  @Column({ name: 'is_held', type: 'boolean' })
  isOwned: boolean;

  /** All of its transfers are hidden. */
  @Column({ name: 'is_hidden', type: 'boolean' })
  isHidden: boolean;

  /** JSON of an `AssetRecord`. */
  @Personal({
    what: 'assets of a wallet and their quantities',
    why: 'to show its balances and collectibles to the person',
    retention: WALLET_RETENTION,
    visibleTo: ['person'],
  })
  @Column({ type: 'text' })
  content: Sealed;
}

/** What is not stored of a wallet on a chain, counted. */
@Entity('wallet_tallies')
export class WalletOmissionsEntity {
  /** Of the wallet and the chain, see `omissionsDigest`. */
  @PrimaryColumn({ type: 'bytea', primaryKeyConstraintName: 'pk_wallet_tallies' })
  digest: Buffer;

  /** JSON of `Omissions`. */
  @Personal({
    what: 'how many transfers of a wallet are not stored',
    why: 'to tell that balances may miss them',
    retention: WALLET_RETENTION,
    visibleTo: ['person'],
  })
  @Column({ type: 'text' })
  content: Sealed;
}

/** A digest whose rows are to be deleted: the wallet is gone, and its key with it. */
@Entity('wallet_remains')
export class OrphanedWalletEntity {
  @PrimaryColumn({ type: 'bytea', primaryKeyConstraintName: 'pk_wallet_remains' })
  digest: Buffer;
}

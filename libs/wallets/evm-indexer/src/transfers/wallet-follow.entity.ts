import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { sealedJson, type Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';

/** How far the transfers of a wallet on a chain were read for webhooks. */
@Entity('wallet_follows')
@Index('ix_wallet_follows_next', ['chainId', 'nextAt'])
@Check('chk_wallet_follows_block', 'block >= 0')
export class WalletFollowEntity {
  @PrimaryColumn({ name: 'wallet_id', type: 'uuid', primaryKeyConstraintName: 'pk_wallet_follows' })
  @ForeignKey('WalletEntity', { name: 'fk_wallet_follows_wallet', onDelete: 'CASCADE' })
  walletId: string;

  @PrimaryColumn({ name: 'chain_id', type: 'text', primaryKeyConstraintName: 'pk_wallet_follows' })
  chainId: string;

  /** Transfers of earlier blocks are not reported. */
  @Column({ type: 'timestamptz' })
  since: Date;

  /** Blocks up to this one are not read again. */
  @Column({ type: 'bigint' })
  block: string;

  /** JSON of `ReportedBlocks`, under the key of the wallet. */
  @Personal({
    what: 'transactions of a wallet that webhooks were sent',
    why: 'to tell each of them once',
    retention: 'an hour of blocks; until the wallet is unlinked or the account is erased',
    visibleTo: [],
  })
  @Column({ type: 'text', nullable: true })
  reported: Sealed | null;

  /** When the indexer is asked again. Names the run that has the row, too. */
  @Column({ name: 'next_at', type: 'timestamptz' })
  nextAt: Date;
}

/** The blocks of transactions that were reported, above the one that is read again from. */
export type ReportedBlocks = Readonly<Record<string, number>>;

export const sealedReported = sealedJson<ReportedBlocks>('wallet_follows', 'reported');

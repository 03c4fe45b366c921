import { Column, Entity, PrimaryColumn } from 'typeorm';
import { sealedJson, type Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';

/** How far the transfers of a wallet on a chain were read for webhooks. */
@Entity('wallet_follows')
export class WalletFollowEntity {
  @PrimaryColumn({ name: 'wallet_id', type: 'uuid' })
  walletId: string;

  @PrimaryColumn({ name: 'chain_id', type: 'text' })
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

import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';
import { WalletChainEntity, WALLET_RETENTION } from './chain.entities';

/** How far the blocks before the first followed one are searched for a wallet. */
@Entity('wallet_back_fills')
@ForeignKey(() => WalletChainEntity, ['walletId', 'chainId'], ['walletId', 'chainId'], {
  name: 'fk_wallet_back_fills_followed',
  onDelete: 'CASCADE',
})
export class WalletBackFillEntity {
  @PrimaryColumn({ name: 'wallet_id', type: 'uuid', primaryKeyConstraintName: 'pk_wallet_back_fills' })
  walletId: string;

  @PrimaryColumn({ name: 'chain_id', type: 'text', primaryKeyConstraintName: 'pk_wallet_back_fills' })
  chainId: string;

  @Column({ name: 'is_done', type: 'boolean' })
  isDone: boolean;

  /** JSON of a `FillProgress`. */
  @Personal({
    what: 'which earlier blocks are searched for transfers of a wallet',
    why: 'to go on with the search, and to tell the person from which block on it is complete',
    retention: WALLET_RETENTION,
    visibleTo: ['person'],
  })
  @Column({ type: 'text' })
  progress: Sealed;
}

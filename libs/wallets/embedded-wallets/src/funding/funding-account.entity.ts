import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** The account of the operator that owns the funding wallets, in the only row. It has no identity, and is never erased. */
@Entity('funding_account')
@Check('chk_funding_account_one', 'is_only')
export class FundingAccountEntity {
  @PrimaryColumn({ name: 'is_only', type: 'boolean', primaryKeyConstraintName: 'pk_funding_account' })
  isOnly: true;

  @ForeignKey('UserEntity', { name: 'fk_funding_account_user' })
  @Column({ name: 'user_id', type: 'uuid' })
  userId: string;
}

import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { AccountLevel } from './account-level';

/** What holds for the whole installation: one row. */
@Entity('installation')
@Check('chk_installation_only', 'is_only')
@Check('chk_installation_account_level', `account_level IN ('bot-token', 'platform')`)
export class InstallationEntity {
  @PrimaryColumn({
    name: 'is_only',
    type: 'boolean',
    default: true,
    primaryKeyConstraintName: 'pk_installation',
  })
  isOnly: boolean;

  /** The level of accounts of which no identity can reach `platform`; all others are held to `platform`. */
  @Column({ name: 'account_level', type: 'text', default: 'platform' })
  accountLevel: AccountLevel;
}

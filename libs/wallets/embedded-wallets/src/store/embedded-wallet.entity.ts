import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Assurance } from '@countersign/users';

export const freezers = ['operator', 'person'] as const;
export type Freezer = (typeof freezers)[number];

/** An embedded wallet, beside its row in `wallets`, which is made when custody has made the key. */
@Entity('embedded_wallets')
@Check('chk_embedded_wallets_frozen', '(frozen_at IS NULL) = (frozen_by IS NULL)')
@Check(
  'chk_embedded_wallets_assurance',
  "assurance IN ('bot-token', 'platform') AND (application_id IS NULL OR assurance = 'bot-token')",
)
@Index('uq_embedded_wallets_owner', ['createdFor', 'environment', 'provider'], {
  unique: true,
  where: 'application_id IS NULL',
})
@Index('uq_embedded_wallets_application', ['createdFor', 'environment', 'provider', 'applicationId'], {
  unique: true,
  where: 'application_id IS NOT NULL',
})
@Index('ix_embedded_wallets_unfinished', ['requestedAt'], { where: 'created_at IS NULL' })
export class EmbeddedWalletEntity {
  @PrimaryColumn({ name: 'wallet_id', type: 'uuid', primaryKeyConstraintName: 'pk_embedded_wallets' })
  walletId: string;

  /** The account that asked for it, and has it. */
  @Column({ name: 'created_for', type: 'uuid' })
  createdFor: string;

  @Column({ type: 'text' })
  environment: string;

  @Column({ type: 'text' })
  provider: string;

  /** Of the session that asked for it. */
  @Column({ type: 'text' })
  assurance: Assurance;

  /** The only one that uses it, where that session did not reach the account; `null` for a wallet of the account. */
  @Column({ name: 'application_id', type: 'uuid', nullable: true })
  @ForeignKey('ApplicationEntity', { name: 'fk_embedded_wallets_application' })
  applicationId: string | null;

  @Column({ name: 'requested_at', type: 'timestamptz' })
  requestedAt: Date;

  /** When its row in `wallets` was made. */
  @Column({ name: 'created_at', type: 'timestamptz', nullable: true })
  createdAt: Date | null;

  /** When the words were first shown. From then on the wallet may act without the service. */
  @Column({ name: 'exported_at', type: 'timestamptz', nullable: true })
  exportedAt: Date | null;

  /** When a chain was first seen to have a transaction of the wallet that this service did not send. */
  @Column({ name: 'used_elsewhere_at', type: 'timestamptz', nullable: true })
  usedElsewhereAt: Date | null;

  /** Since when it does nothing. */
  @Column({ name: 'frozen_at', type: 'timestamptz', nullable: true })
  frozenAt: Date | null;

  @Column({ name: 'frozen_by', type: 'text', nullable: true })
  frozenBy: Freezer | null;
}

/** All acts of embedded wallets are stopped while its only row is there. */
@Entity('wallet_brake')
@Check('chk_wallet_brake_one', 'is_on')
export class WalletBrakeEntity {
  @PrimaryColumn({ name: 'is_on', type: 'boolean', primaryKeyConstraintName: 'pk_wallet_brake' })
  isOn: true;

  /** A word or the number of a request. */
  @Column({ type: 'text' })
  reason: string;

  @Column({ name: 'applied_at', type: 'timestamptz' })
  appliedAt: Date;
}

/** In which database wallets act, in the only row. Another one is a restored backup or a promoted standby. */
@Entity('wallet_database')
@Check('chk_wallet_database_one', 'is_only')
export class WalletDatabaseEntity {
  @PrimaryColumn({ name: 'is_only', type: 'boolean', primaryKeyConstraintName: 'pk_wallet_database' })
  isOnly: true;

  @Column({ type: 'text' })
  origin: string;
}

/** A key that custody is still to destroy: its wallet is gone. */
@Entity('wallet_destructions')
export class WalletDestructionEntity {
  @PrimaryColumn({ name: 'wallet_id', type: 'uuid', primaryKeyConstraintName: 'pk_wallet_destructions' })
  walletId: string;

  /** Of the call to custody, which is repeated until it is answered. */
  @Column({ name: 'call_id', type: 'uuid' })
  callId: string;

  @Column({ name: 'requested_at', type: 'timestamptz' })
  requestedAt: Date;
}

/** An application that the person lets use an embedded wallet. */
@Entity('wallet_grants')
export class WalletGrantEntity {
  @PrimaryColumn({ name: 'wallet_id', type: 'uuid', primaryKeyConstraintName: 'pk_wallet_grants' })
  @ForeignKey('WalletEntity', { name: 'fk_wallet_grants_wallet', onDelete: 'CASCADE' })
  walletId: string;

  @PrimaryColumn({ name: 'application_id', type: 'uuid', primaryKeyConstraintName: 'pk_wallet_grants' })
  @ForeignKey('ApplicationEntity', { name: 'fk_wallet_grants_application' })
  applicationId: string;

  @Column({ name: 'granted_at', type: 'timestamptz' })
  grantedAt: Date;
}

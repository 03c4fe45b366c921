import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Assurance } from '@countersign/users';

export const freezers = ['operator', 'person'] as const;
export type Freezer = (typeof freezers)[number];

/** An embedded wallet, beside its row in `wallets`, which is made when custody has made the key. */
@Entity('embedded_wallets')
export class EmbeddedWalletEntity {
  @PrimaryColumn({ name: 'wallet_id', type: 'uuid' })
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
export class WalletBrakeEntity {
  @PrimaryColumn({ name: 'is_on', type: 'boolean' })
  isOn: true;

  /** A word or the number of a request. */
  @Column({ type: 'text' })
  reason: string;

  @Column({ name: 'applied_at', type: 'timestamptz' })
  appliedAt: Date;
}

/** In which database wallets act, in the only row. Another one is a restored backup or a promoted standby. */
@Entity('wallet_database')
export class WalletDatabaseEntity {
  @PrimaryColumn({ name: 'is_only', type: 'boolean' })
  isOnly: true;

  @Column({ type: 'text' })
  origin: string;
}

/** A key that custody is still to destroy: its wallet is gone. */
@Entity('wallet_destructions')
export class WalletDestructionEntity {
  @PrimaryColumn({ name: 'wallet_id', type: 'uuid' })
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
  @PrimaryColumn({ name: 'wallet_id', type: 'uuid' })
  walletId: string;

  @PrimaryColumn({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  @Column({ name: 'granted_at', type: 'timestamptz' })
  grantedAt: Date;
}

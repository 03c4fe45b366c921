import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Assurance } from '@countersign/users';

/** The row is created before custody creates the key, and the row in `wallets` after it. */
@Entity('embedded_wallets')
export class EmbeddedWalletEntity {
  @PrimaryColumn({ type: 'uuid' })
  walletId: string;

  /** The account that asked for the wallet and owns it. */
  @Column({ type: 'uuid' })
  createdFor: string;

  @Column({ type: 'text' })
  environment: string;

  @Column({ type: 'text' })
  provider: string;

  /** The assurance of the session that asked for it. */
  @Column({ type: 'text' })
  assurance: Assurance;

  /** The only application that uses it, if the session had no access to the account; otherwise `null`. */
  @Column({ type: 'uuid', nullable: true })
  applicationId: string | null;

  @Column({ type: 'timestamptz' })
  requestedAt: Date;

  /** When the row in `wallets` was created. */
  @Column({ type: 'timestamptz', nullable: true })
  createdAt: Date | null;

  /** When the words were first shown. From then on, the wallet may act without the service. */
  @Column({ type: 'timestamptz', nullable: true })
  exportedAt: Date | null;

  /** When a chain was first seen to have a transaction of the wallet that this service did not send. */
  @Column({ type: 'timestamptz', nullable: true })
  usedElsewhereAt: Date | null;

  /** When custody's operator can open the way out, as it was last asked for. */
  @Column({ type: 'timestamptz', nullable: true })
  wayOutReadyAt: Date | null;
}

/** The only row names the database in which wallets act. A restored backup or a promoted standby has another name. */
@Entity('wallet_database')
export class WalletDatabaseEntity {
  @PrimaryColumn({ type: 'boolean' })
  isOnly: true;

  @Column({ type: 'text' })
  origin: string;
}

/** A key that custody must still destroy, because its wallet is deleted. */
@Entity('wallet_destructions')
export class WalletDestructionEntity {
  @PrimaryColumn({ type: 'uuid' })
  walletId: string;

  /** The id of the call to custody, which is repeated until it is answered. */
  @Column({ type: 'uuid' })
  callId: string;

  @Column({ type: 'timestamptz' })
  requestedAt: Date;
}

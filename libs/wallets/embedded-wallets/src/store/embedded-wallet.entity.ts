import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Assurance } from '@countersign/users';

/** An embedded wallet, beside its row in `wallets`, which is made when custody has made the key. */
@Entity('embedded_wallets')
export class EmbeddedWalletEntity {
  @PrimaryColumn({ type: 'uuid' })
  walletId: string;

  /** The account that asked for it, and has it. */
  @Column({ type: 'uuid' })
  createdFor: string;

  @Column({ type: 'text' })
  environment: string;

  @Column({ type: 'text' })
  provider: string;

  /** Of the session that asked for it. */
  @Column({ type: 'text' })
  assurance: Assurance;

  /** The only one that uses it, where that session did not reach the account; `null` for a wallet of the account. */
  @Column({ type: 'uuid', nullable: true })
  applicationId: string | null;

  @Column({ type: 'timestamptz' })
  requestedAt: Date;

  /** When its row in `wallets` was made. */
  @Column({ type: 'timestamptz', nullable: true })
  createdAt: Date | null;

  /** When the words were first shown. From then on the wallet may act without the service. */
  @Column({ type: 'timestamptz', nullable: true })
  exportedAt: Date | null;

  /** When a chain was first seen to have a transaction of the wallet that this service did not send. */
  @Column({ type: 'timestamptz', nullable: true })
  usedElsewhereAt: Date | null;

  /** Of its way out, when that was last asked for: from then on custody's operator can open it. */
  @Column({ type: 'timestamptz', nullable: true })
  wayOutReadyAt: Date | null;
}

/** In which database wallets act, in the only row. Another one is a restored backup or a promoted standby. */
@Entity('wallet_database')
export class WalletDatabaseEntity {
  @PrimaryColumn({ type: 'boolean' })
  isOnly: true;

  @Column({ type: 'text' })
  origin: string;
}

/** A key that custody is still to destroy: its wallet is gone. */
@Entity('wallet_destructions')
export class WalletDestructionEntity {
  @PrimaryColumn({ type: 'uuid' })
  walletId: string;

  /** Of the call to custody, which is repeated until it is answered. */
  @Column({ type: 'uuid' })
  callId: string;

  @Column({ type: 'timestamptz' })
  requestedAt: Date;
}

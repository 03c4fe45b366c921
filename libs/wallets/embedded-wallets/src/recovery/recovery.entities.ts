import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

export const recoveryOutcomes = ['done', 'ended', 'refused'] as const;
/** `ended`: an account was merged, deactivated or is to be erased, or it was not completed in time. */
export type RecoveryOutcome = (typeof recoveryOutcomes)[number];

/** The secret by which another account recovers the embedded wallets of an account. */
@Entity('wallet_recovery_secrets')
@Unique('uq_wallet_recovery_secrets_digest', ['digest'])
@Check('chk_wallet_recovery_secrets_digest', 'octet_length(digest) = 32')
export class RecoverySecretEntity {
  @PrimaryColumn({ name: 'user_id', type: 'uuid', primaryKeyConstraintName: 'pk_wallet_recovery_secrets' })
  @ForeignKey('UserEntity', { name: 'fk_wallet_recovery_secrets_user' })
  userId: string;

  /** SHA-256. */
  @Column({ type: 'bytea' })
  digest: Buffer;

  @Column({ name: 'made_at', type: 'timestamptz' })
  madeAt: Date;
}

/** An account asks for the embedded wallets of another one, whose recovery secret it has. */
@Entity('wallet_recoveries')
@Index('uq_wallet_recoveries_open', ['oldUserId'], { unique: true, where: 'ended_at IS NULL' })
@Index('ix_wallet_recoveries_ended', ['endedAt'], { where: 'ended_at IS NOT NULL' })
@Check('chk_wallet_recoveries_ended', '(ended_at IS NULL) = (outcome IS NULL)')
export class WalletRecoveryEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_wallet_recoveries' })
  id: string;

  /** The account that has the wallets. */
  @ForeignKey('UserEntity', { name: 'fk_wallet_recoveries_old_user' })
  @Index('ix_wallet_recoveries_old_user')
  @Column({ name: 'old_user_id', type: 'uuid' })
  oldUserId: string;

  @ForeignKey('UserEntity', { name: 'fk_wallet_recoveries_asking_user' })
  @Index('ix_wallet_recoveries_asking_user')
  @Column({ name: 'asking_user_id', type: 'uuid' })
  askingUserId: string;

  /** Of the session that asked first. */
  @ForeignKey('ApplicationEntity', { name: 'fk_wallet_recoveries_application' })
  @Column({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  @Column({ name: 'asked_at', type: 'timestamptz' })
  askedAt: Date;

  /** From when on it can be completed without the other account. */
  @Column({ name: 'ready_at', type: 'timestamptz' })
  readyAt: Date;

  /** When the account that has the wallets agreed. */
  @Column({ name: 'accepted_at', type: 'timestamptz', nullable: true })
  acceptedAt: Date | null;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  outcome: RecoveryOutcome | null;
}

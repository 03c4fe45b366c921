import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { SealedBytes } from '@countersign/crypto';
import { Expires } from '@countersign/database';

/** A sign-in that is at Telegram. */
@Entity('oidc_transactions')
@Expires({ at: 'expiresAt', after: 0, data: 'logins at Telegram', stored: '10 minutes' })
export class OidcTransactionEntity {
  @PrimaryColumn({ name: 'state_digest', type: 'bytea', primaryKeyConstraintName: 'pk_oidc_transactions' })
  stateDigest: Buffer;

  @ForeignKey('ApplicationEntity', { name: 'fk_oidc_transactions_application' })
  @Column({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  /** Of the secret in the browser's cookie. */
  @Column({ name: 'browser_digest', type: 'bytea' })
  browserDigest: Buffer;

  /** The data for the callback, sealed under the state itself. */
  @Column({ type: 'bytea' })
  content: SealedBytes;

  @Index('ix_oidc_transactions_expires')
  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;
}

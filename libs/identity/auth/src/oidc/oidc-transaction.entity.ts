import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SealedBytes } from '@countersign/crypto';
import { Expires } from '@countersign/database';

/** A sign-in that is at Telegram. */
@Entity('oidc_transactions')
@Expires({ at: 'expiresAt', after: 0, data: 'logins at Telegram', stored: '10 minutes' })
export class OidcTransactionEntity {
  @PrimaryColumn({ type: 'bytea' })
  stateDigest: Buffer;

  @Column({ type: 'uuid' })
  applicationId: string;

  /** Of the secret in the browser's cookie. */
  @Column({ type: 'bytea' })
  browserDigest: Buffer;

  /** The data for the callback, sealed under the state itself. */
  @Column({ type: 'bytea' })
  content: SealedBytes;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;
}

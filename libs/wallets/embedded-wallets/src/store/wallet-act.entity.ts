import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal, Expires } from '@countersign/database';
import type { ActName } from '../acts/acts';

/** An act of an embedded wallet: asked for with a token, allowed once, and done by the custody process under the same id. */
@Entity('wallet_acts')
@Expires({
  at: 'expiresAt',
  after: 3_600,
  unless: 'allowedAt',
  data: 'unused wallet tokens',
  stored: 'an hour after they expired',
})
export class WalletActEntity {
  /** That of the call to custody too. */
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  walletId: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  /** The session that asked; `null` when its row was deleted. */
  @Column({ type: 'uuid', nullable: true })
  sessionId: string | null;

  @Column({ type: 'text' })
  act: ActName;

  /** Keyed digest of exactly what is signed, with its kind, chain and wallet. */
  @Column({ type: 'bytea' })
  digest: Buffer;

  /** JSON of what the signed bytes say, under the key of the wallet. `null` of an export. */
  @Personal()
  @Column({ type: 'text', nullable: true })
  details: Sealed | null;

  /** What custody calls the consent of the person; `null` where it asks for none. */
  @Column({ type: 'text', nullable: true })
  consent: string | null;

  /** SHA-256 of the wallet token; of an export its consent. */
  @Column({ type: 'bytea' })
  tokenDigest: Buffer;

  /** Until when the token is good. */
  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  /** When the token was used: from then on the act is allowed, and only this one. */
  @Column({ type: 'timestamptz', nullable: true })
  allowedAt: Date | null;

  /** When custody was asked last; `null` when it did not answer, so that the same call may try again. */
  @Column({ type: 'timestamptz', nullable: true })
  attemptedAt: Date | null;

  /** When custody answered. */
  @Column({ type: 'timestamptz', nullable: true })
  doneAt: Date | null;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';
import { HOUR, SECOND } from '@countersign/clock';
import type { SealedBytes } from '@countersign/crypto';
import { Expires, Personal } from '@countersign/database';

/** A token that is used once. A used one stays until it is deleted, so that a second use is told apart from an unknown token. */
@Entity('one_time_tokens')
@Expires({
  at: 'expiresAt',
  after: HOUR / SECOND,
  data: 'one-time codes and logins at Telegram and challenges of wallets and used wallet tokens of Xellar’s clients',
  stored: 'an hour after they expired',
})
export class OneTimeTokenEntity {
  @PrimaryColumn({ type: 'text' })
  kind: string;

  /** SHA-256 of the token. */
  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  /** `null`, as is `content`, where the token was issued elsewhere. */
  @Column({ type: 'uuid', nullable: true })
  applicationId: string | null;

  /** Sealed under the token itself, which is not stored. */
  @Personal({
    what: 'verified proof of a sign-in by redirect, with its profile fields; address of a wallet, the text that it is asked to sign, and for whom and for what',
    why: 'to hand the sign-in to the page that it ends at; to compare it with what the wallet signed',
    retention: 'until about an hour after the token expired, which is ten minutes after its issue at most',
    visibleTo: [],
  })
  @Column({ type: 'bytea', nullable: true })
  content: SealedBytes | null;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  usedAt: Date | null;
}

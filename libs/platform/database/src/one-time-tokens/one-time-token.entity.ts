import { Column, Entity, PrimaryColumn } from 'typeorm';
import { HOUR, SECOND } from '@countersign/runtime';
import type { SealedBytes } from '@countersign/crypto';
import { Expires } from '../statements/expired-rows.repository';
import { Personal } from '../columns/declared-columns';

/** A token that is used once. The used row stays until it expires, so that a second use gets its own error. */
@Entity('one_time_tokens')
@Expires({
  at: 'expiresAt',
  after: HOUR / SECOND,
  data: 'tokens that are used once',
  stored: 'an hour after they expired',
})
export class OneTimeTokenEntity {
  @PrimaryColumn({ type: 'text' })
  kind: string;

  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  /** `null`, like `content`, for a token that another service issued. */
  @Column({ type: 'uuid', nullable: true })
  applicationId: string | null;

  /** Sealed under the token itself, which is not stored. */
  @Personal()
  @Column({ type: 'bytea', nullable: true })
  content: SealedBytes | null;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  @Column({ type: 'timestamptz', nullable: true })
  usedAt: Date | null;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Expires } from '@countersign/database';

/** A wallet token that was used. */
@Entity('xellar_used_tokens')
@Expires({
  at: 'expiresAt',
  after: 3_600,
  data: 'used wallet tokens of Xellar’s clients',
  stored: 'an hour after they expired',
})
export class UsedTokenEntity {
  /** The claim `jti`. */
  @PrimaryColumn({ type: 'uuid' })
  tokenId: string;

  /** From then on the token is refused by itself. */
  @Column({ type: 'timestamptz' })
  expiresAt: Date;
}

import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A wallet token that was used. */
@Entity('xellar_used_tokens')
export class UsedTokenEntity {
  /** The claim `jti`. */
  @PrimaryColumn({ name: 'token_id', type: 'uuid', primaryKeyConstraintName: 'pk_xellar_used_tokens' })
  tokenId: string;

  /** From then on the token is refused by itself. */
  @Index('ix_xellar_used_tokens_expires')
  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt: Date;
}

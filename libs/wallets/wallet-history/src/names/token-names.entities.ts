import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret } from '@countersign/database';

/** The key of what contracts of a chain say of themselves. */
@Entity('token_name_keys')
export class TokenNameKeyEntity {
  @PrimaryColumn({ name: 'chain_id', type: 'text', primaryKeyConstraintName: 'pk_token_name_keys' })
  chainId: string;

  @Secret()
  @Column({ name: 'names_key', type: 'text' })
  namesKey: Sealed;
}

/** What the contract of a token says of itself. */
@Entity('token_names')
export class TokenNamesEntity {
  @PrimaryColumn({ name: 'chain_id', type: 'text', primaryKeyConstraintName: 'pk_token_names' })
  @ForeignKey(() => TokenNameKeyEntity, { name: 'fk_token_names_key' })
  chainId: string;

  /** Of the contract, keyed. */
  @PrimaryColumn({ type: 'bytea', primaryKeyConstraintName: 'pk_token_names' })
  digest: Buffer;

  /** JSON of a `TokenFacts`. */
  @Column({ type: 'text' })
  content: Sealed;

  /** A day: an instant would tell of a block. */
  @Index('ix_token_names_asked')
  @Column({ name: 'asked_on', type: 'date' })
  askedOn: string;
}

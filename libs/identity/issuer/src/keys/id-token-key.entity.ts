import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret } from '@countersign/database';

/** The RSA key that lives as long as a key of identity tokens. */
@Entity('openid_keys')
export class IdTokenKeyEntity {
  /** Of the key of identity tokens. */
  @PrimaryColumn({ type: 'text' })
  id: string;

  /** PKCS #8 in PEM. */
  @Secret()
  @Column({ type: 'text' })
  privateKey: Sealed;
}

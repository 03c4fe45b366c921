import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret } from '@countersign/database';
import type { IdentityKeyAlgorithm, PublicJwk } from './identity-key';

/** A key pair of identity tokens: signing, retired or upcoming. */
@Entity('identity_keys')
export class IdentityKeyEntity {
  /** The `kid` of its tokens. */
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  algorithm: IdentityKeyAlgorithm;

  /** For people who inspect the table: the published key is derived from the private half. */
  @Column({ type: 'jsonb' })
  publicKey: PublicJwk;

  /** PKCS #8 in PEM. */
  @Secret()
  @Column({ type: 'text' })
  privateKey: Sealed;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  signsFrom: Date;
}

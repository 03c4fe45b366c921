import { Injectable } from '@nestjs/common';
import { Column, Entity, PrimaryColumn, type EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret } from '@countersign/database';
import type { IdentityKeyAlgorithm, StoredIdentityKey } from './identity-key';

@Entity('identity_keys')
export class IdentityKeyEntity {
  /** The `kid` of its tokens. */
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  algorithm: IdentityKeyAlgorithm;

  /** For people who inspect the table. The published key is derived from the private half. */
  @Column({ type: 'jsonb' })
  publicKey: object;

  /** PKCS #8 in PEM. */
  @Secret()
  @Column({ type: 'text' })
  privateKey: Sealed;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  signsFrom: Date;
}

@Injectable()
export class IdentityKeysRepository {
  /** No other replica changes the set until the transaction ends. */
  async lock(tx: EntityManager): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', ['countersign/identity-keys']);
  }

  /** The key that signs latest comes first. */
  async findAll(manager: EntityManager): Promise<readonly StoredIdentityKey[]> {
    const found = await manager.find(IdentityKeyEntity, { order: { signsFrom: 'DESC', id: 'DESC' } });
    return found.map(({ id, ...key }) => ({ kid: id, ...key }));
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { StoredIdentityKey } from './identity-key';
import { IdentityKeyEntity } from './identity-key.entity';

@Injectable()
export class IdentityKeysRepository {
  /** Until the end of the transaction no other replica changes the set. */
  async lock(tx: EntityManager): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', ['countersign/identity-keys']);
  }

  /** All keys, those that sign latest first. */
  async findAll(manager: EntityManager): Promise<readonly StoredIdentityKey[]> {
    const found = await manager.find(IdentityKeyEntity, { order: { signsFrom: 'DESC', id: 'DESC' } });
    return found.map(({ id, ...key }) => ({ kid: id, ...key }));
  }
}

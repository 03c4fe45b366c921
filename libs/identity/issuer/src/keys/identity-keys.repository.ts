import { Injectable } from '@nestjs/common';
import { Any, type EntityManager } from 'typeorm';
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

  async insert(tx: EntityManager, { kid, ...key }: StoredIdentityKey): Promise<void> {
    await tx.insert(IdentityKeyEntity, { id: kid, ...key });
  }

  async setSignsFrom(tx: EntityManager, kid: string, signsFrom: Date): Promise<void> {
    await tx.update(IdentityKeyEntity, { id: kid }, { signsFrom });
  }

  async delete(tx: EntityManager, kids: readonly string[]): Promise<void> {
    await tx.delete(IdentityKeyEntity, { id: Any([...kids]) });
  }
}

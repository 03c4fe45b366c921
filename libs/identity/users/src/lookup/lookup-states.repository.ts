import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { LookupField } from './lookup-field';
import { LookupFieldEntity } from './lookup.entity';

/** Which fields are switched on, and how far their digests are. */
@Injectable()
export class LookupStatesRepository {
  async findAll(manager: EntityManager): Promise<readonly LookupFieldEntity[]> {
    return manager.find(LookupFieldEntity, { order: { field: 'ASC' } });
  }

  async find(manager: EntityManager, field: LookupField): Promise<LookupFieldEntity | null> {
    return manager.findOneBy(LookupFieldEntity, { field });
  }

  /** Locked until the end of the transaction. */
  async lock(tx: EntityManager, field: LookupField): Promise<LookupFieldEntity | null> {
    return tx.findOne(LookupFieldEntity, { where: { field }, lock: { mode: 'pessimistic_write' } });
  }

  async save(tx: EntityManager, state: LookupFieldEntity): Promise<void> {
    await tx.save(LookupFieldEntity, state);
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, LostRace } from '@countersign/database';
import { ErasureMarkEntity } from './erasure-mark.entity';

/** The high-water mark of this database. */
export interface DatabaseMark {
  readonly lineage: string;
  readonly mark: number;
  /** Being written to the ledger; `mark` otherwise. */
  readonly nextMark: number;
}

@Injectable()
export class ErasureMarksRepository {
  /** Locked until the transaction ends; `null` in a database without any. */
  async lock(tx: EntityManager): Promise<DatabaseMark | null> {
    const found = await tx.findOne(ErasureMarkEntity, {
      where: { isOnly: true },
      lock: { mode: 'pessimistic_write' },
    });
    return found && { lineage: found.lineage, mark: Number(found.mark), nextMark: Number(found.nextMark) };
  }

  /** Like `lock`; a database without a mark gets this lineage. */
  async lockOrCreate(tx: EntityManager, lineage: string, at: Date): Promise<DatabaseMark> {
    await tx
      .createQueryBuilder()
      .insert()
      .into(ErasureMarkEntity)
      .values({ isOnly: true, lineage, mark: '0', nextMark: '0', markedAt: at })
      .orIgnore()
      .execute();
    const found = await this.lock(tx);
    if (!found) throw new LostRace();
    return found;
  }

  /** The identity of the cluster; null where the role may not ask. */
  async clusterId(manager: EntityManager): Promise<string | null> {
    const mayAsk = await firstRow<{ may: boolean }>(
      manager,
      `SELECT has_function_privilege('pg_control_system()', 'EXECUTE') AS may`,
    );
    if (!mayAsk?.may) return null;
    const found = await firstRow<{ id: string }>(
      manager,
      'SELECT system_identifier::text AS id FROM pg_control_system()',
    );
    return found?.id ?? null;
  }

  /** When this database was last found to be a restored backup; `null` if never. */
  async restoredAt(manager: EntityManager): Promise<Date | null> {
    return (await manager.findOneBy(ErasureMarkEntity, { isOnly: true }))?.restoredAt ?? null;
  }

  async setRestored(tx: EntityManager, restoredAt: Date): Promise<void> {
    await tx.update(ErasureMarkEntity, { isOnly: true }, { restoredAt });
  }

  async put(tx: EntityManager, { lineage, mark, nextMark }: DatabaseMark, at: Date): Promise<void> {
    const values = { isOnly: true, lineage, mark: String(mark), nextMark: String(nextMark), markedAt: at };
    await tx.upsert(ErasureMarkEntity, values, ['isOnly']);
  }
}

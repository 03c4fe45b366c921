import { Injectable } from '@nestjs/common';
import { LessThan, type EntityManager } from 'typeorm';
import { OperatorCountEntity, type CountedAct } from './operator-count.entity';

/** A period of an act, and how often it may be done in it. */
export interface Ceiling {
  readonly act: CountedAct;
  /** When the period began. */
  readonly since: Date;
  readonly ceiling: number;
}

@Injectable()
export class OperatorCountsRepository {
  /**
   * Counts one, unless the ceiling is reached. Calls of one operator wait for each other until the transaction ends. A
   * replica whose clock is a period behind counts for the later one.
   * @returns false when the ceiling is reached
   */
  async count(tx: EntityManager, actor: string, { act, since, ceiling }: Ceiling): Promise<boolean> {
    await tx
      .createQueryBuilder()
      .insert()
      .into(OperatorCountEntity)
      .values({ actor, act, since, count: 0 })
      .orIgnore()
      .execute();
    const { affected } = await tx
      .createQueryBuilder()
      .update(OperatorCountEntity)
      .set({
        since: () => 'GREATEST(since, :since)',
        count: () => 'CASE WHEN since < :since THEN 1 ELSE count + 1 END',
      })
      .where('actor = :actor AND act = :act AND CASE WHEN since < :since THEN 0 ELSE count END < :ceiling')
      .setParameters({ actor, act, since, ceiling })
      .execute();
    return affected === 1;
  }

  /** Of periods that began earlier. @returns how many rows were deleted */
  async deleteBefore(tx: EntityManager, before: Date): Promise<number> {
    return (await tx.delete(OperatorCountEntity, { since: LessThan(before) })).affected ?? 0;
  }
}

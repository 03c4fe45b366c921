import { Injectable } from '@nestjs/common';
import { LessThan, type EntityManager } from 'typeorm';
import { utcDayOf } from '@countersign/clock';
import { UserRevealEntity } from './user-reveal.entity';

@Injectable()
export class UserRevealsRepository {
  /**
   * Counts one, unless the ceiling of the day is reached. Calls of one operator wait for each other until the transaction
   * ends. A replica whose clock is a day behind counts for the later day.
   * @param day as `2026-11-20`
   * @returns false when the ceiling is reached
   */
  async count(tx: EntityManager, actor: string, day: string, ceiling: number): Promise<boolean> {
    await tx
      .createQueryBuilder()
      .insert()
      .into(UserRevealEntity)
      .values({ actor, day, count: 0 })
      .orIgnore()
      .execute();
    const { affected } = await tx
      .createQueryBuilder()
      .update(UserRevealEntity)
      .set({
        day: () => 'GREATEST(day, :day)',
        count: () => 'CASE WHEN day < :day THEN 1 ELSE count + 1 END',
      })
      .where('actor = :actor AND CASE WHEN day < :day THEN 0 ELSE count END < :ceiling')
      .setParameters({ actor, day, ceiling })
      .execute();
    return affected === 1;
  }

  /** Of operators whose last reveal was on an earlier day. @returns how many rows were deleted */
  async deleteBefore(tx: EntityManager, before: Date): Promise<number> {
    const day = utcDayOf(before);
    return (await tx.delete(UserRevealEntity, { day: LessThan(day) })).affected ?? 0;
  }
}

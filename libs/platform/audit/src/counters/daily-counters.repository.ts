import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columnsOf, rows, type RowOf } from '@countersign/database';
import { DailyCounterEntity, NO_APPLICATION } from './daily-counter.entity';

const COUNTER = columnsOf(DailyCounterEntity);
export type DailyCount = Omit<RowOf<typeof COUNTER>, 'day'>;

/** Null stands for a counter without an application or code. */
export type ReadCount = Pick<RowOf<typeof COUNTER>, 'day' | 'name' | 'count'> & {
  readonly applicationId: string | null;
  readonly code: string | null;
};

/** All replicas lock rows in this order, so they cannot deadlock. */
const ADD = `
  INSERT INTO daily_counters AS stored (${COUNTER.names})
  SELECT * FROM (${COUNTER.unnest(1)}) AS counted ORDER BY day, name, application_id, code
  ON CONFLICT (day, name, application_id, code) DO UPDATE SET count = stored.count + excluded.count`;

const SUMS = `
  SELECT day::text, name, NULL AS "applicationId", NULL AS code, sum(count)::float8 AS count FROM daily_counters
  WHERE day >= $1 GROUP BY day, name ORDER BY day, name`;
const OF_DAY = `
  SELECT day::text, name, nullif(application_id, '${NO_APPLICATION}') AS "applicationId", nullif(code, '') AS code, count
  FROM daily_counters WHERE day::text = $1 ORDER BY name, count DESC, application_id, code LIMIT $2`;

@Injectable()
export class DailyCountersRepository {
  async add(tx: EntityManager, day: string, counted: readonly DailyCount[]): Promise<void> {
    await tx.query(ADD, [...COUNTER.arraysOf(counted.map((row) => ({ ...row, day })))]);
  }

  sumsSince(manager: EntityManager, day: string): Promise<readonly ReadCount[]> {
    return rows(manager, SUMS, [day]);
  }

  ofDay(manager: EntityManager, day: string, limit: number): Promise<readonly ReadCount[]> {
    return rows(manager, OF_DAY, [day, limit]);
  }
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';

const STATEMENT_TIMEOUT = '5min';

const COUNT = `
  SELECT application_id AS "applicationId", count(*)::int AS count FROM sessions
  WHERE greatest(created_at, access_idle_expires_at - make_interval(secs => access_idle_in)) >= date_trunc('day', $1::timestamptz, 'UTC')
  GROUP BY application_id`;

@Injectable()
export class ActiveSessionsRepository {
  /**
   * The sessions that were used since midnight in UTC, by application. It reads all sessions: there is no index of their last
   * use, which changes with most requests.
   */
  async count(
    tx: EntityManager,
    now: Date,
  ): Promise<readonly { readonly applicationId: string; readonly count: number }[]> {
    await tx.query(`SET LOCAL statement_timeout = '${STATEMENT_TIMEOUT}'`);
    return rows(tx, COUNT, [now]);
  }
}

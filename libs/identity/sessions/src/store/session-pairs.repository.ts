import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import type { Session } from '../session';
import { PAIR, ROTATION, type Rotation } from './session.columns';
import { FIND_BY_IDS, lockingRows } from './sessions.sql';

const LOCK = {
  waiting: `${FIND_BY_IDS} ORDER BY id ${lockingRows(true)}`,
  free: `${FIND_BY_IDS} ORDER BY id ${lockingRows(false)}`,
};

/**
 * Other pairs for sessions that the caller has locked. The planner assumes few rows for a list with a limit,
 * so it looks up each of them by id: ADR 0024.
 */
const ROTATE = `
  UPDATE sessions s SET
    ${PAIR.assignedFrom('next')},
    step_up_expires_at = CASE WHEN next.reentered_at IS NULL THEN s.step_up_expires_at END,
    authenticated_at = COALESCE(next.reentered_at, s.authenticated_at)
  FROM (${ROTATION.unnest()} LIMIT cardinality($1)) AS next
  WHERE s.id = next.id AND s.ended_at IS NULL`;

/** Locks sessions, and gives them their next pairs. */
@Injectable()
export class SessionPairsRepository {
  /**
   * @param waits whether to wait for sessions that another transaction has locked; otherwise they are left
   * out
   */
  async lock(
    tx: EntityManager,
    ids: readonly string[],
    waits: boolean,
  ): Promise<ReadonlyMap<string, Session>> {
    const locked = await rows<Session>(tx, waits ? LOCK.waiting : LOCK.free, [ids]);
    return new Map(locked.map((session) => [session.id, session]));
  }

  async rotate(tx: EntityManager, rotations: readonly Rotation[]): Promise<void> {
    if (rotations.length > 0) await tx.query(ROTATE, ROTATION.arraysOf(rotations));
  }
}

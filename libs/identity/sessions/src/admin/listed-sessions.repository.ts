import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { LISTED_SESSION, type ListedSession, type SessionFilter } from './listed-session';

const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** With the user, the application, the state and now. */
const OF_USER = `
  FROM sessions WHERE user_id = $1 AND ($2::uuid IS NULL OR application_id = $2)
    AND ($3::text IS NULL OR ($3 = 'live') = (ended_at IS NULL AND LEAST(idle_expires_at, expires_at) > $4))`;

/** By the index of users, not by walking all sessions in the order of their ids: hence OFFSET 0. */
const LIST_OF_USER = `
  SELECT * FROM (SELECT ${LISTED_SESSION.selected} ${OF_USER} AND id < $5 OFFSET 0) AS own
  ORDER BY id DESC LIMIT $6`;

const LIST = `SELECT ${LISTED_SESSION.selected} FROM sessions WHERE id < $1 ORDER BY id DESC LIMIT $2`;
const FIND = `SELECT ${LISTED_SESSION.selected} FROM sessions WHERE id = $1`;

/** Sessions as operators see them. */
@Injectable()
export class ListedSessionsRepository {
  /** Newest first; one more than the limit. */
  async list(
    manager: EntityManager,
    filter: SessionFilter,
    { afterId, limit }: Keyset,
    now: Date,
  ): Promise<readonly ListedSession[]> {
    const before = afterId ?? HIGHEST_ID;
    return filter.userId === null
      ? rows<ListedSession>(manager, LIST, [before, limit + 1])
      : rows<ListedSession>(manager, LIST_OF_USER, [...parametersOf(filter, now), before, limit + 1]);
  }

  async find(manager: EntityManager, sessionId: string): Promise<ListedSession | null> {
    return firstRow<ListedSession>(manager, FIND, [sessionId]);
  }
}

function parametersOf({ userId, applicationId, state }: SessionFilter, now: Date): readonly unknown[] {
  return [userId, applicationId, state, now];
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database, firstRow, rows } from '@countersign/database';

/** A user, and whether any application was visited since a day. */
export interface SeenUser {
  readonly id: string;
  readonly isIdle: boolean;
}

/** Takes users in the order of their ids, so that its work is bounded however few of them are idle. */
const WINDOW = `
  SELECT seen.id, NOT EXISTS (
    SELECT FROM user_applications visits WHERE visits.user_id = seen.id AND visits.last_seen_on >= $2::date
  ) AS "isIdle"
  FROM (
    SELECT id FROM users
    WHERE id > $1 AND created_at < $2::date::timestamp AT TIME ZONE 'UTC' AND erasure IS NULL ORDER BY id LIMIT $3
  ) AS seen ORDER BY seen.id`;

const IS_SEEN = `
  SELECT EXISTS (
    SELECT FROM user_applications WHERE user_id = $1 AND last_seen_on >= $2::date
  ) AS "isSeen"`;

/** Users whose accounts are not used. */
@Injectable()
export class IdleUsers {
  constructor(private readonly database: Database) {}

  /**
   * The next users after an id, without those who are to be erased.
   * @param since a day, as `2026-11-20` in UTC
   */
  async window(after: string, since: string, limit: number): Promise<readonly SeenUser[]> {
    return this.database.read((manager) => rows<SeenUser>(manager, WINDOW, [after, since, limit]));
  }

  /** Whether any application was visited since a day, as `2026-11-20` in UTC. */
  async isSeenSince(manager: EntityManager, userId: string, day: string): Promise<boolean> {
    const found = await firstRow<{ isSeen: boolean }>(manager, IS_SEEN, [userId, day]);
    return found?.isSeen === true;
  }
}

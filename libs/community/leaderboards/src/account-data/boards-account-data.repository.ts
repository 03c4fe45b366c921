import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import type { BetterScore, BoardRule } from '../board-rules';

/** A season in which a person has scores, with the rules of its board. */
export interface SeasonOfPerson {
  readonly seasonId: string;
  readonly rule: BoardRule;
  readonly better: BetterScore;
}

const OPEN_SEASONS = `
  SELECT DISTINCT seasons.id AS "seasonId", boards.rule, boards.better
  FROM (
    SELECT season_id FROM board_scores WHERE user_id = $1 UNION SELECT season_id FROM board_entries WHERE user_id = $1
  ) AS own
  JOIN board_seasons seasons ON seasons.id = own.season_id AND seasons.closed_at IS NULL
  JOIN boards ON boards.id = seasons.board_id
  ORDER BY seasons.id`;

/** Of entries in closed seasons, whose positions never change. */
export const CLOSED = `season_id IN (SELECT id FROM board_seasons WHERE closed_at IS NOT NULL)`;

/** In closed seasons in which both have an entry, that of `$1` loses its name. */
const UNNAME = `
  UPDATE board_entries entries SET user_id = NULL
  WHERE user_id = $1 AND ${CLOSED}
    AND EXISTS (SELECT FROM board_entries own WHERE own.user_id = $2 AND own.season_id = entries.season_id)`;

/** The rows of whole accounts. The caller holds the locks of the users. */
@Injectable()
export class BoardsAccountDataRepository {
  /** In the order of their ids. */
  async openSeasonsOf(manager: EntityManager, userId: string): Promise<readonly SeasonOfPerson[]> {
    return rows<SeasonOfPerson>(manager, OPEN_SEASONS, [userId]);
  }

  /** In closed seasons in which both have an entry, that of the loser loses its name. */
  async unname(tx: EntityManager, loserId: string, survivorId: string): Promise<void> {
    await tx.query(UNNAME, [loserId, survivorId]);
  }

  /** Of open seasons: those of closed ones are deleted when they are old. */
  async countScores(manager: EntityManager, userId: string): Promise<number> {
    const found = await firstRow<{ count: number }>(
      manager,
      `SELECT count(*)::int AS count FROM board_scores WHERE user_id = $1 AND NOT ${CLOSED}`,
      [userId],
    );
    return found?.count ?? 0;
  }
}

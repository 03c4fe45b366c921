import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows, type JsonRow } from '@countersign/database';
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

/** In seasons in which both `$1` and `$2` have an entry, the one behind loses its name. */
const UNNAME_BEHIND = `
  UPDATE board_entries behind SET user_id = NULL
  FROM board_entries front JOIN board_seasons seasons ON seasons.id = front.season_id AND seasons.closed_at IS NOT NULL
  WHERE behind.season_id = front.season_id
    AND (behind.user_id, front.user_id) IN (($1::uuid, $2::uuid), ($2::uuid, $1::uuid))
    AND (front.sort_key, front.reached) < (behind.sort_key, behind.reached)
  RETURNING jsonb_build_object('season_id', behind.season_id, 'sort_key', behind.sort_key, 'reached', behind.reached) AS row,
    front.user_id = $1 AS "isSurvivors"`;

/** Of entries in closed seasons, whose positions never change. */
export const CLOSED = `season_id IN (SELECT id FROM board_seasons WHERE closed_at IS NOT NULL)`;

const NAME = `
  UPDATE board_entries entries SET user_id = $1 FROM jsonb_populate_recordset(NULL::board_entries, $2::jsonb) AS former
  WHERE entries.season_id = former.season_id AND entries.sort_key = former.sort_key AND entries.reached = former.reached
    AND entries.user_id IS NULL
    AND NOT EXISTS (SELECT FROM board_entries own WHERE own.user_id = $1 AND own.season_id = entries.season_id)`;

/** The rows of whole accounts. The caller holds the locks of the users. */
@Injectable()
export class BoardsAccountDataRepository {
  /** In the order of their ids. */
  async openSeasonsOf(manager: EntityManager, userId: string): Promise<readonly SeasonOfPerson[]> {
    return rows<SeasonOfPerson>(manager, OPEN_SEASONS, [userId]);
  }

  /**
   * In closed seasons in which both have an entry, the one behind loses its name.
   * @returns those of the survivor
   */
  async unnameBehind(tx: EntityManager, loserId: string, survivorId: string): Promise<readonly JsonRow[]> {
    const unnamed = await rows<{ row: JsonRow; isSurvivors: boolean }>(tx, UNNAME_BEHIND, [
      loserId,
      survivorId,
    ]);
    return unnamed.flatMap(({ row, isSurvivors }) => (isSurvivors ? [row] : []));
  }

  /** Entries of `unnameBehind` that have no name, in seasons in which the person has no other one. */
  async name(tx: EntityManager, userId: string, entries: unknown): Promise<void> {
    await tx.query(NAME, [userId, JSON.stringify(entries ?? [])]);
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

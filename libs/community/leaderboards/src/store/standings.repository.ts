import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, LostRace, rows, type Locked } from '@countersign/database';
import type { BetterScore, BoardRule, OrderedScore } from '../board-rules';
import type { OpenSeason } from './seasons.repository';

/** The change of one person's standing in a season. `null` means no standing. */
export interface Move {
  readonly userId: string;
  readonly from: OrderedScore | null;
  readonly to: OrderedScore | null;
}

const LOCK = `
  SELECT user_id AS "userId", sort_key::float8 AS "sortKey", reached::float8 AS reached, reached_at AS "reachedAt"
  FROM board_entries WHERE user_id = ANY($2::uuid[]) AND season_id = $1 ORDER BY user_id FOR NO KEY UPDATE`;

/** Writes all moves of a transaction. It writes no row that other people's scores wait for. */
const MOVE = `
  WITH moves AS MATERIALIZED (
    SELECT * FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::timestamptz[])
      AS move (user_id, from_key, from_reached, to_key, to_reached, reached_at)
  ), changed AS (
    UPDATE board_entries entries SET sort_key = to_key, reached = to_reached, reached_at = moves.reached_at
    FROM moves WHERE entries.season_id = $1 AND entries.user_id = moves.user_id AND from_reached > 0 AND to_reached > 0
    RETURNING 1
  ), gone AS (
    DELETE FROM board_entries entries USING moves
    WHERE entries.season_id = $1 AND entries.user_id = moves.user_id AND from_reached > 0 AND to_reached IS NULL
    RETURNING 1
  ), came AS (
    INSERT INTO board_entries (season_id, sort_key, reached, user_id, reached_at)
    SELECT $1, to_key, to_reached, user_id, reached_at FROM moves WHERE from_reached IS NULL
    ON CONFLICT (user_id, season_id) DO NOTHING RETURNING 1
  )
  SELECT ((SELECT count(*) FROM changed) + (SELECT count(*) FROM gone) + (SELECT count(*) FROM came))::int AS moved`;

const PAGE = 1_000;

/** Reads a page of a person's scores in a season, in the order of acceptance, after one of them. */
const SCORES_OF = `
  SELECT score::float8 AS score, sequence::float8 AS reached, accepted_at AS "reachedAt"
  FROM board_scores WHERE user_id = $2 AND season_id = $1 AND sequence > $3 ORDER BY sequence LIMIT ${PAGE}`;

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

/** Selects entries in closed seasons, whose positions never change. */
export const CLOSED = `season_id IN (SELECT id FROM board_seasons WHERE closed_at IS NOT NULL)`;

/** If both have an entry in a closed season, the entry of `$1` loses its name. */
const UNNAME = `
  UPDATE board_entries entries SET user_id = NULL
  WHERE user_id = $1 AND ${CLOSED}
    AND EXISTS (SELECT FROM board_entries own WHERE own.user_id = $2 AND own.season_id = entries.season_id)`;

type CountedScore = Omit<OrderedScore, 'sortKey'> & { readonly score: number };

@Injectable()
export class StandingsRepository {
  /** Locks the people in the order of their ids. */
  async lock(
    tx: EntityManager,
    { seasonId }: Locked<OpenSeason>,
    userIds: readonly string[],
  ): Promise<ReadonlyMap<string, OrderedScore>> {
    const found = await rows<OrderedScore & { userId: string }>(tx, LOCK, [seasonId, userIds]);
    return new Map(found.map(({ userId, ...standing }) => [userId, standing]));
  }

  async move(tx: EntityManager, { seasonId }: Locked<OpenSeason>, moves: readonly Move[]): Promise<void> {
    const real = moves.filter(({ from, to }) => from !== to && !(from === null && to === null));
    if (real.length === 0) return;
    const [row] = await rows<{ moved: number }>(tx, MOVE, [
      seasonId,
      real.map(({ userId }) => userId),
      real.map(({ from }) => from?.sortKey ?? null),
      real.map(({ from }) => from?.reached ?? null),
      real.map(({ to }) => to?.sortKey ?? null),
      real.map(({ to }) => to?.reached ?? null),
      real.map(({ to }) => to?.reachedAt ?? null),
    ]);
    if (row?.moved !== real.length) throw new LostRace();
  }

  /** Only one page is in memory at a time, because a person can have any number of scores. */
  async *scoresOf(
    tx: EntityManager,
    { seasonId }: Locked<OpenSeason>,
    userId: string,
  ): AsyncGenerator<CountedScore> {
    let after = 0;
    for (;;) {
      const page = await rows<CountedScore>(tx, SCORES_OF, [seasonId, userId, after]);
      yield* page;
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      after = last.reached;
    }
  }

  async openSeasonsOf(manager: EntityManager, userId: string): Promise<readonly SeasonOfPerson[]> {
    return rows<SeasonOfPerson>(manager, OPEN_SEASONS, [userId]);
  }

  async unname(tx: EntityManager, loserId: string, survivorId: string): Promise<void> {
    await tx.query(UNNAME, [loserId, survivorId]);
  }

  /** Counts scores of open seasons only, because old scores of closed seasons are deleted. */
  async countScores(manager: EntityManager, userId: string): Promise<number> {
    const found = await firstRow<{ count: number }>(
      manager,
      `SELECT count(*)::int AS count FROM board_scores WHERE user_id = $1 AND NOT ${CLOSED}`,
      [userId],
    );
    return found?.count ?? 0;
  }
}

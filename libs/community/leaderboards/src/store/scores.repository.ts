import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { LostRace, rows } from '@countersign/database';
import type { SentScoreRequest } from '../dto/scores.dto';

export type KnownScore = Readonly<SentScoreRequest>;

export interface NewScore extends KnownScore {
  readonly sequence: number;
}

/** Merges and erasures lock people exclusively, so the accounts stay unchanged until the transaction ends. */
const LOCK_PEOPLE = `
  SELECT wanted.id AS "wantedId", users.id AS "userId"
  FROM unnest($1::uuid[]) AS wanted (id)
  LEFT JOIN user_aliases aliases ON aliases.id = wanted.id
  JOIN users ON users.id = COALESCE(aliases.user_id, wanted.id)
  JOIN user_applications visits ON visits.user_id = users.id AND visits.application_id = $2
  ORDER BY users.id FOR SHARE OF users`;

const FIND_KNOWN = `
  SELECT id, user_id AS "userId", score::float8 AS score FROM board_scores
  WHERE board_id = $1 AND id = ANY($2::text[])`;

const INSERT = `
  INSERT INTO board_scores (board_id, season_id, accepted_at, id, user_id, score, sequence)
  SELECT $1::uuid, $2::uuid, $3::timestamptz, id, user_id, score, sequence
  FROM unnest($4::text[], $5::uuid[], $6::bigint[], $7::bigint[]) AS sent (id, user_id, score, sequence)
  ORDER BY id
  ON CONFLICT (board_id, id) DO NOTHING RETURNING 1`;

/** Steps through the index from one season with scores to the next, because most closed seasons have none. */
const DELETE_OLD = `
  WITH RECURSIVE scored AS (
    (SELECT season_id FROM board_scores ORDER BY season_id LIMIT 1)
    UNION ALL
    SELECT next.season_id FROM scored CROSS JOIN LATERAL (
      SELECT season_id FROM board_scores WHERE season_id > scored.season_id ORDER BY season_id LIMIT 1
    ) AS next
  )
  DELETE FROM board_scores WHERE (board_id, id) IN (
    SELECT scores.board_id, scores.id FROM scored JOIN board_seasons seasons ON seasons.id = scored.season_id
    JOIN board_scores scores ON scores.season_id = scored.season_id
    WHERE seasons.closed_at < $1 LIMIT $2
  ) RETURNING 1`;

@Injectable()
export class ScoresRepository {
  /** Returns accounts by the ids of the request, without people who never used the application. */
  async lockPeople(
    tx: EntityManager,
    applicationId: string,
    wantedIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const lock = (ids: readonly string[]) =>
      rows<{ wantedId: string; userId: string }>(tx, LOCK_PEOPLE, [ids, applicationId]);
    const found = await lock(wantedIds);
    const people = new Map(found.map(({ wantedId, userId }) => [wantedId, userId]));
    // After a wait for a merge the account is gone. Only another statement sees the account that now has its id.
    const missing = wantedIds.filter((id) => !people.has(id));
    if (missing.length > 0)
      for (const { wantedId, userId } of await lock(missing)) people.set(wantedId, userId);
    return people;
  }

  async findKnown(
    tx: EntityManager,
    boardId: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, KnownScore>> {
    const found = await rows<KnownScore>(tx, FIND_KNOWN, [boardId, ids]);
    return new Map(found.map((score) => [score.id, score]));
  }

  async nextSequences(tx: EntityManager, count: number): Promise<readonly number[]> {
    const found = await rows<{ next: number }>(
      tx,
      `SELECT nextval('board_scores_sequence')::float8 AS next FROM generate_series(1, $1)`,
      [count],
    );
    return found.map(({ next }) => next).toSorted((one, other) => one - other);
  }

  async insert(
    tx: EntityManager,
    { boardId, seasonId, now }: { readonly boardId: string; readonly seasonId: string; readonly now: Date },
    scores: readonly NewScore[],
  ): Promise<void> {
    if (scores.length === 0) return;
    const inserted = await rows(tx, INSERT, [
      boardId,
      seasonId,
      now,
      scores.map(({ id }) => id),
      scores.map(({ userId }) => userId),
      scores.map(({ score }) => score),
      scores.map(({ sequence }) => sequence),
    ]);
    if (inserted.length !== scores.length) throw new LostRace();
  }

  /** Deletes scores of seasons that were closed before an instant. @returns the number of deleted scores */
  async deleteOld(tx: EntityManager, before: Date, limit: number): Promise<number> {
    return (await rows(tx, DELETE_OLD, [before, limit])).length;
  }
}

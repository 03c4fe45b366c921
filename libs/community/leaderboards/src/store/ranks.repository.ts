import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import type { OrderedScore } from '../board-rules';
import { AROUND, EXACT, PEOPLE, TOP } from './ranks.sql';

export interface RankedRow extends OrderedScore {
  /** It is `null` if the account no longer exists. */
  readonly userId: string | null;
  /** It starts from 1. */
  readonly rank: number;
  readonly people: number;
}

export interface Ranks {
  readonly found: readonly RankedRow[];
  readonly people: number;
}

export interface Position {
  readonly sortKey: string;
  readonly reached: string;
}

/** It is lower than every sort key. */
const START: Position = { sortKey: '-9223372036854775808', reached: '0' };

const SIZE = 1_000;

/** Finds large seasons with scores since the last count that are open, or were closed after `$1`. */
const DUE = `
  SELECT seasons.id, newest.sequence::text AS sequence FROM board_seasons seasons
  CROSS JOIN LATERAL (SELECT max(sequence) AS sequence FROM board_scores WHERE season_id = seasons.id) AS newest
  WHERE (seasons.closed_at IS NULL OR seasons.closed_at > $1) AND newest.sequence > seasons.ranked_to
    AND EXISTS (SELECT FROM board_entries WHERE season_id = seasons.id OFFSET ${EXACT})`;

const RENEW = `
  WITH numbered AS MATERIALIZED (
    SELECT sort_key, reached, (row_number() OVER (ORDER BY sort_key, reached) - 1)::int AS before
    FROM board_entries WHERE season_id = $1
  ), ranked AS (
    UPDATE board_seasons SET ranked_to = $2, people = (SELECT count(*) FROM numbered) WHERE id = $1
  )
  INSERT INTO board_buckets (season_id, from_key, from_reached, before)
  SELECT $1, sort_key, reached, before FROM numbered WHERE before % ${SIZE} = 0`;

interface DueSeason {
  readonly id: string;
  readonly sequence: string;
}

/** Reads ranks, each in one statement. No statement reads the whole of a large board. */
@Injectable()
export class RanksRepository {
  async after(
    manager: EntityManager,
    seasonId: string,
    position: Position | null,
    limit: number,
  ): Promise<Ranks> {
    const { sortKey, reached } = position ?? START;
    return withPeople(manager, seasonId, await rows(manager, TOP, [seasonId, sortKey, reached, limit]));
  }

  async around(manager: EntityManager, seasonId: string, userId: string, each: number): Promise<Ranks> {
    return withPeople(manager, seasonId, await rows(manager, AROUND, [seasonId, userId, each]));
  }

  /** Lists the seasons whose histogram is out of date. Low ranks need it. */
  async listDue(manager: EntityManager, closedAfter: Date): Promise<readonly DueSeason[]> {
    return rows<DueSeason>(manager, DUE, [closedAfter]);
  }

  /** Counts the season again. The next histogram includes scores that arrive meanwhile. */
  async renew(tx: EntityManager, { id, sequence }: DueSeason): Promise<void> {
    await tx.query('DELETE FROM board_buckets WHERE season_id = $1', [id]);
    await tx.query(RENEW, [id, sequence]);
  }
}

async function withPeople(
  manager: EntityManager,
  seasonId: string,
  found: readonly RankedRow[],
): Promise<Ranks> {
  const [counted] = found.length > 0 ? found : await rows<{ people: number }>(manager, PEOPLE, [seasonId]);
  return { found, people: counted?.people ?? 0 };
}

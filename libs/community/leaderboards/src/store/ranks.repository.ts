import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import type { OrderedScore } from '../board-rules';
import { AROUND, EXACT, PEOPLE, TOP } from './ranks.sql';

export interface RankedRow extends OrderedScore {
  /** `null` where the account is gone. */
  readonly userId: string | null;
  /** From 1. */
  readonly rank: number;
  readonly people: number;
}

export interface Ranks {
  readonly found: readonly RankedRow[];
  readonly people: number;
}

/** After which position of the order a page begins. */
export interface Position {
  readonly sortKey: string;
  readonly reached: string;
}

/** Smaller than every sort key. */
const START: Position = { sortKey: '-9223372036854775808', reached: '0' };

const SIZE = 1_000;

/** Seasons that are open, or were closed after `$1`, with more people than are counted one by one and scores since the last time. */
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
  /** The newest score. */
  readonly sequence: string;
}

/** Reads ranks, each in one statement. No statement reads the whole of a large board. */
@Injectable()
export class RanksRepository {
  /** In the order of the board. */
  async after(
    manager: EntityManager,
    seasonId: string,
    position: Position | null,
    limit: number,
  ): Promise<Ranks> {
    const { sortKey, reached } = position ?? START;
    return withPeople(manager, seasonId, await rows(manager, TOP, [seasonId, sortKey, reached, limit]));
  }

  /** The person, and up to so many people on each side. None without a standing. */
  async around(manager: EntityManager, seasonId: string, userId: string, each: number): Promise<Ranks> {
    return withPeople(manager, seasonId, await rows(manager, AROUND, [seasonId, userId, each]));
  }

  /** Seasons whose histogram is to be made anew: by it ranks far back are found. */
  async listDue(manager: EntityManager, closedAfter: Date): Promise<readonly DueSeason[]> {
    return rows<DueSeason>(manager, DUE, [closedAfter]);
  }

  /** Counts the season anew. What is scored meanwhile is in the next histogram. */
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

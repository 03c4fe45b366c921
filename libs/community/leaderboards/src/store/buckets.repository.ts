import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';

/** How many people in front are counted one by one. */
export const EXACT = 10_000;
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

/** The histograms by which ranks far back are found. */
@Injectable()
export class BucketsRepository {
  async listDue(manager: EntityManager, closedAfter: Date): Promise<readonly DueSeason[]> {
    return rows<DueSeason>(manager, DUE, [closedAfter]);
  }

  /** Counts the season anew. What is scored meanwhile is in the next histogram. */
  async renew(tx: EntityManager, { id, sequence }: DueSeason): Promise<void> {
    await tx.query('DELETE FROM board_buckets WHERE season_id = $1', [id]);
    await tx.query(RENEW, [id, sequence]);
  }
}

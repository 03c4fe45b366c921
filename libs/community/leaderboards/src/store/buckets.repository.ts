import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';

/** How many people a bucket has about. */
const SIZE = 1_000;
const [SPLIT_ABOVE, JOIN_BELOW] = [2 * SIZE, SIZE / 4];

const TAKE = `
  SELECT 1 FROM board_buckets WHERE season_id = $1
  ORDER BY from_key, from_reached LIMIT 1 FOR UPDATE SKIP LOCKED`;

/** The most deltas of one statement. */
const BATCH = 20_000;

/** Deltas name positions and not buckets, so that buckets can be divided while scores come in. */
const FOLD = `
  WITH gone AS (
    DELETE FROM board_deltas WHERE season_id = $1 AND id IN (
      SELECT id FROM board_deltas WHERE season_id = $1 ORDER BY id LIMIT ${BATCH}
    ) RETURNING sort_key, reached, change
  ), sums AS (
    SELECT bucket.from_key, bucket.from_reached, sum(gone.change)::int AS change
    FROM gone CROSS JOIN LATERAL (
      SELECT from_key, from_reached FROM board_buckets
      WHERE season_id = $1 AND (from_key, from_reached) <= (gone.sort_key, gone.reached)
      ORDER BY from_key DESC, from_reached DESC LIMIT 1
    ) AS bucket
    GROUP BY bucket.from_key, bucket.from_reached
  ), added AS (
    UPDATE board_buckets buckets SET people = buckets.people + sums.change FROM sums
    WHERE buckets.season_id = $1 AND buckets.from_key = sums.from_key AND buckets.from_reached = sums.from_reached
      AND sums.change <> 0
  )
  SELECT count(*)::int AS count FROM gone`;

/** Ranges of buckets to divide anew: one that is too large, or one that is too small with the one before it. */
const UNEVEN = `
  SELECT start_key::text AS "fromKey", start_reached::text AS "fromReached", to_key::text AS "toKey",
    to_reached::text AS "toReached"
  FROM (
    SELECT people, lead(from_key) OVER position AS to_key, lead(from_reached) OVER position AS to_reached,
      CASE WHEN people > ${SPLIT_ABOVE} THEN from_key ELSE lag(from_key) OVER position END AS start_key,
      CASE WHEN people > ${SPLIT_ABOVE} THEN from_reached ELSE lag(from_reached) OVER position END AS start_reached
    FROM board_buckets WHERE season_id = $1 WINDOW position AS (ORDER BY from_key, from_reached)
  ) AS ranges
  WHERE people > ${SPLIT_ABOVE} OR (people < ${JOIN_BELOW} AND start_key IS NOT NULL)
  ORDER BY start_key, start_reached`;

/**
 * Divides the range from `$2`, `$3` to `$4`, `$5` (`null` for the end) into buckets of about a thousand people. What is in
 * `board_deltas` by now is not counted in them: it is added later.
 */
const DIVIDE = `
  WITH entries AS MATERIALIZED (
    SELECT sort_key, reached FROM board_entries
    WHERE season_id = $1 AND (sort_key, reached) >= ($2::bigint, $3::bigint)
      AND ($4::bigint IS NULL OR (sort_key, reached) < ($4::bigint, $5::bigint))
  ), numbered AS (
    SELECT sort_key, reached,
      ntile(GREATEST(1, round((SELECT count(*) FROM entries) / ${SIZE}.0))::int) OVER (ORDER BY sort_key, reached) AS bucket
    FROM entries
  ), firsts AS (
    SELECT DISTINCT ON (bucket) bucket, sort_key, reached, count(*) OVER (PARTITION BY bucket)::int AS people
    FROM numbered ORDER BY bucket, sort_key, reached
  ), bounds AS MATERIALIZED (
    SELECT CASE WHEN bucket > 1 THEN sort_key ELSE $2::bigint END AS from_key,
      CASE WHEN bucket > 1 THEN reached ELSE $3::bigint END AS from_reached, people
    FROM firsts
    UNION ALL SELECT $2::bigint, $3::bigint, 0 WHERE NOT EXISTS (SELECT FROM entries)
  ), later AS (
    SELECT bound.from_key, bound.from_reached, sum(deltas.change)::int AS change
    FROM board_deltas deltas CROSS JOIN LATERAL (
      SELECT from_key, from_reached FROM bounds WHERE (from_key, from_reached) <= (deltas.sort_key, deltas.reached)
      ORDER BY from_key DESC, from_reached DESC LIMIT 1
    ) AS bound
    WHERE deltas.season_id = $1 AND ($4::bigint IS NULL OR (deltas.sort_key, deltas.reached) < ($4::bigint, $5::bigint))
    GROUP BY bound.from_key, bound.from_reached
  ), gone AS (
    DELETE FROM board_buckets WHERE season_id = $1 AND (from_key, from_reached) >= ($2::bigint, $3::bigint)
      AND ($4::bigint IS NULL OR (from_key, from_reached) < ($4::bigint, $5::bigint))
      AND (from_key, from_reached) NOT IN (SELECT from_key, from_reached FROM bounds)
  )
  INSERT INTO board_buckets (season_id, from_key, from_reached, people)
  SELECT $1, bounds.from_key, bounds.from_reached, bounds.people - COALESCE(later.change, 0)
  FROM bounds LEFT JOIN later USING (from_key, from_reached)
  ON CONFLICT (season_id, from_key, from_reached) DO UPDATE SET people = excluded.people`;

interface Range {
  readonly fromKey: string;
  readonly fromReached: string;
  readonly toKey: string | null;
  readonly toReached: string | null;
}

/** The buckets by which ranks are counted. */
@Injectable()
export class BucketsRepository {
  /** Seasons with scores that are in no bucket yet. */
  async listWaiting(manager: EntityManager): Promise<readonly string[]> {
    const found = await rows<{ id: string }>(
      manager,
      `WITH RECURSIVE seasons AS (
         (SELECT season_id FROM board_deltas ORDER BY season_id LIMIT 1)
         UNION ALL
         SELECT (SELECT season_id FROM board_deltas WHERE season_id > seasons.season_id ORDER BY season_id LIMIT 1)
         FROM seasons WHERE seasons.season_id IS NOT NULL
       ) SELECT season_id AS id FROM seasons WHERE season_id IS NOT NULL`,
    );
    return found.map(({ id }) => id);
  }

  /** Until the end of the transaction no other one changes the buckets. @returns false where one does now */
  async take(tx: EntityManager, seasonId: string): Promise<boolean> {
    return (await rows(tx, TAKE, [seasonId])).length > 0;
  }

  /** Adds the deltas to the buckets that they are in. */
  async fold(tx: EntityManager, seasonId: string): Promise<void> {
    const next = async () => (await firstRow<{ count: number }>(tx, FOLD, [seasonId]))?.count;
    while ((await next()) === BATCH);
  }

  /** Outside of a transaction: folded deltas are gone at once, and not when the server comes to it a minute later. */
  async clean(manager: EntityManager): Promise<void> {
    await manager.query('VACUUM (SKIP_LOCKED, TRUNCATE false) board_deltas');
  }

  /** Divides buckets that are too large, and joins one that is too small to the one before it. */
  async even(tx: EntityManager, seasonId: string): Promise<void> {
    let done: Range | null = null;
    for (const range of await rows<Range>(tx, UNEVEN, [seasonId])) {
      // The range before it was another bucket's, too: the next round has it.
      if (done && (done.toKey === null || isBefore(range, done))) continue;
      await tx.query(DIVIDE, [seasonId, range.fromKey, range.fromReached, range.toKey, range.toReached]);
      done = range;
    }
  }
}

function isBefore({ fromKey, fromReached }: Range, { toKey, toReached }: Range): boolean {
  const [key, end] = [BigInt(fromKey), BigInt(toKey ?? 0)];
  return key < end || (key === end && BigInt(fromReached) < BigInt(toReached ?? 0));
}

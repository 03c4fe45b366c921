/** The maximum number of people in front who are counted one by one. */
export const EXACT = 10_000;

/** The number of people of the season `$1`, from the last histogram if there is one. */
const PEOPLE_OF = `COALESCE(
  (SELECT people FROM board_seasons WHERE id = $1), (SELECT count(*)::int FROM board_entries WHERE season_id = $1)
)`;

/**
 * Counts the people before `position` in the season `$1`, and all people. Up to `EXACT` people in front are counted one
 * by one. For more, the histogram of the last minute gives the number before the bucket, and the people in the bucket
 * before the position are added. `OFFSET 0` prevents a count for each row of a page.
 */
const before = (position: string): string => `
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS count FROM (
      SELECT FROM board_entries WHERE season_id = $1 AND (sort_key, reached) < (${position}.sort_key, ${position}.reached)
      ORDER BY sort_key, reached
      LIMIT CASE WHEN (SELECT people FROM board_seasons WHERE id = $1) IS NOT NULL THEN ${EXACT} + 1 END
    ) AS one
  ) AS near
  CROSS JOIN LATERAL (
    SELECT CASE WHEN near.count <= ${EXACT} THEN near.count ELSE COALESCE((
      SELECT GREATEST(near.count, bucket.before + (
        SELECT count(*) FROM (
          SELECT FROM board_entries WHERE season_id = $1 AND (sort_key, reached) >= (bucket.from_key, bucket.from_reached)
            AND (sort_key, reached) < (${position}.sort_key, ${position}.reached) LIMIT ${EXACT}
        ) AS one
      )::int) FROM (
        SELECT from_key, from_reached, before FROM board_buckets
        WHERE season_id = $1 AND (from_key, from_reached) <= (${position}.sort_key, ${position}.reached)
        ORDER BY from_key DESC, from_reached DESC LIMIT 1
      ) AS bucket
    ), near.count) END AS count, ${PEOPLE_OF} AS people
    OFFSET 0
  ) AS before`;

const ENTRY = 'user_id, sort_key, reached, reached_at';

const SHOWN = (entry: string): string => `
  ${entry}.user_id AS "userId", ${entry}.sort_key::float8 AS "sortKey", ${entry}.reached::float8 AS reached,
  ${entry}.reached_at AS "reachedAt"`;

export const PEOPLE = `SELECT ${PEOPLE_OF} AS people`;

/** Reads a page in the order of the board. It counts the rank of the first row, and the others follow. */
const pageOf = (entries: string): string => `
  WITH page AS MATERIALIZED (${entries}),
  head AS (SELECT sort_key, reached FROM page ORDER BY sort_key, reached LIMIT 1)
  SELECT ${SHOWN('page')}, (before.count + row_number() OVER (ORDER BY page.sort_key, page.reached))::int AS rank, before.people
  FROM page, head ${before('head')}
  ORDER BY page.sort_key, page.reached`;

/** Finds `$4` people after the position `$2`, `$3`. */
export const TOP = pageOf(`
  SELECT ${ENTRY} FROM board_entries
  WHERE season_id = $1 AND (sort_key, reached) > ($2::bigint, $3::bigint) ORDER BY sort_key, reached LIMIT $4`);

/** Finds the person `$2` with `$3` people on each side. */
export const AROUND = pageOf(`
  SELECT sides.* FROM board_entries own CROSS JOIN LATERAL (
    (SELECT ${ENTRY} FROM board_entries
     WHERE season_id = $1 AND (sort_key, reached) < (own.sort_key, own.reached)
     ORDER BY sort_key DESC, reached DESC LIMIT $3)
    UNION ALL
    (SELECT ${ENTRY} FROM board_entries
     WHERE season_id = $1 AND (sort_key, reached) >= (own.sort_key, own.reached)
     ORDER BY sort_key, reached LIMIT $3 + 1)
  ) AS sides
  WHERE own.user_id = $2 AND own.season_id = $1`);

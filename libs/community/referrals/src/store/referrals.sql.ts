/** The nodes of the user `$1` in the application `$2`; the one of the whole account first. */
export const FIND_OWN = `
  SELECT id FROM referral_nodes
  WHERE user_id = $1 AND application_id = $2 ORDER BY (id = person_id) DESC, id`;

/** People with several nodes, below the nodes `$1` of the user `$3` in the application `$2`: each once. */
const MERGED = `
  SELECT min(paths.level) AS level
  FROM referral_paths paths
  JOIN referral_nodes nodes ON nodes.application_id = $2 AND nodes.id = paths.node_id
  WHERE paths.ancestor_id = ANY($1::bigint[]) AND paths.is_merged AND nodes.user_id IS DISTINCT FROM $3::uuid
  GROUP BY nodes.person_id`;

/** Below the one node `$1`, by the index alone. */
export const COUNT_BELOW_ONE = `
  SELECT level, sum(count)::int AS count FROM (
    SELECT level, count(*) AS count FROM referral_paths
    WHERE ancestor_id = $1::bigint AND NOT is_merged GROUP BY level
    UNION ALL
    SELECT level, count(*) FROM (${MERGED.replace('ANY($1::bigint[])', '$1::bigint')}) AS merged GROUP BY level
  ) AS counted GROUP BY level`;

/** Below several nodes of one account, of which one may be below another. */
export const COUNT_BELOW_SEVERAL = `
  SELECT level, count(*)::int AS count FROM (
    SELECT min(level) AS level FROM referral_paths
    WHERE ancestor_id = ANY($1::bigint[]) AND NOT is_merged GROUP BY node_id
    UNION ALL ${MERGED}
  ) AS people GROUP BY level`;

/**
 * People at level `$4` below the nodes `$1` of the user `$3` in the application `$2`, newest first, after the node `$5`. For
 * each own node the index gives them in this order; a person is left out where a lower level, or an earlier node of the same
 * level, has them.
 */
export const LIST_BELOW = `
  SELECT below.* FROM unnest($1::bigint[]) AS own (id) CROSS JOIN LATERAL (
    SELECT paths.node_id AS "nodeId", nodes.user_id AS "userId", nodes.source, nodes.created_at AS "createdAt"
    FROM referral_paths paths
    JOIN referral_nodes nodes ON nodes.application_id = $2 AND nodes.id = paths.node_id
    WHERE paths.ancestor_id = own.id AND paths.level = $4 AND ($5::bigint IS NULL OR paths.node_id < $5)
      AND nodes.user_id IS DISTINCT FROM $3::uuid
      AND NOT EXISTS (
        SELECT FROM referral_paths nearer
        WHERE nearer.node_id = paths.node_id AND nearer.level < $4 AND nearer.ancestor_id = ANY($1)
      )
      AND NOT (paths.is_merged AND EXISTS (
        SELECT FROM referral_paths other
        JOIN referral_nodes same ON same.application_id = $2 AND same.id = other.node_id
        WHERE other.ancestor_id = ANY($1) AND other.is_merged AND same.person_id = nodes.person_id
          AND (other.level, other.node_id) < ($4, paths.node_id)
      ))
    ORDER BY paths.node_id DESC LIMIT $6
  ) AS below
  ORDER BY below."nodeId" DESC LIMIT $6`;

/**
 * The people above the user `$1` in the application `$2`: those of the node that was bound first to another person, so that
 * a merge in either direction gives the same. No person, where an earlier node of the account had brought another one by then:
 * so of two people who are above each other by nodes of merged accounts only the one who was first is.
 */
export const FIND_ABOVE = `
  SELECT min(paths.level)::int AS level, above.user_id AS "userId"
  FROM (
    SELECT nodes.id, nodes.person_id FROM referral_nodes nodes
    JOIN referral_nodes parents ON parents.application_id = nodes.application_id AND parents.id = nodes.parent_id
    WHERE nodes.user_id = $1 AND nodes.application_id = $2 AND parents.person_id <> nodes.person_id
    ORDER BY nodes.id LIMIT 1
  ) AS bound
  JOIN referral_paths paths ON paths.node_id = bound.id
  JOIN referral_nodes above ON above.application_id = $2 AND above.id = paths.ancestor_id
  WHERE above.person_id <> bound.person_id AND NOT EXISTS (
    SELECT FROM referral_nodes earlier
    CROSS JOIN LATERAL (
      SELECT FROM referral_paths brought
      JOIN referral_nodes others ON others.application_id = $2 AND others.id = brought.node_id
      WHERE brought.ancestor_id = earlier.id AND brought.level = ANY('{1,2,3,4,5,6,7,8,9,10}'::smallint[])
        AND brought.node_id < bound.id AND others.person_id <> bound.person_id
      OFFSET 0 LIMIT 1
    ) AS others
    WHERE earlier.user_id = $1 AND earlier.application_id = $2 AND earlier.id < bound.id
  )
  GROUP BY above.person_id, above.user_id
  ORDER BY level`;

/** The oldest code of the user `$1` in the application `$2`, of their first node before others. */
export const FIND_CODE = `
  SELECT codes.code FROM referral_nodes nodes
  JOIN referral_codes codes ON codes.application_id = nodes.application_id AND codes.node_id = nodes.id
  WHERE nodes.user_id = $1 AND nodes.application_id = $2
  ORDER BY (nodes.id = nodes.person_id) DESC, nodes.id LIMIT 1`;

/** A node for a user without one. With the user, the application and the instant. */
export const INSERT_ROOT = `
  INSERT INTO referral_nodes (application_id, id, person_id, user_id, created_at)
  SELECT $2::uuid, next.id, next.id, $1::uuid, $3::timestamptz
  FROM (SELECT nextval('referral_nodes_sequence') AS id) AS next
  ON CONFLICT (application_id, user_id) WHERE id = person_id DO NOTHING`;

/** The loser's (`$1`) nodes become the survivor's (`$2`), and stay where they are in the tree. */
export const MERGE_NODES = `
  UPDATE referral_nodes nodes SET user_id = $2, person_id = COALESCE((
    SELECT own.id FROM referral_nodes own
    WHERE own.user_id = $2 AND own.application_id = nodes.application_id AND own.id = own.person_id
  ), nodes.person_id)
  WHERE nodes.user_id = $1`;

/** Marks the paths of the user `$1` in applications in which the account has several nodes. */
export const MARK_MERGED = `
  UPDATE referral_paths SET is_merged = true WHERE NOT is_merged AND node_id IN (
    SELECT nodes.id FROM referral_nodes nodes
    WHERE nodes.user_id = $1 AND EXISTS (
      SELECT FROM referral_nodes others
      WHERE others.user_id = $1 AND others.application_id = nodes.application_id AND others.id <> nodes.id
    )
  )`;

export const COUNT_CODES = `
  SELECT count(*)::int AS "referralCodes" FROM referral_codes codes JOIN referral_nodes nodes
  ON nodes.application_id = codes.application_id AND nodes.id = codes.node_id WHERE nodes.user_id = $1`;

export const DELETE_CODES = `
  DELETE FROM referral_codes codes USING referral_nodes nodes
  WHERE nodes.user_id = $1 AND nodes.application_id = codes.application_id AND nodes.id = codes.node_id`;

/** The opposite of `MARK_MERGED`, for the users `$1`. */
export const UNMARK_MERGED = `
  UPDATE referral_paths SET is_merged = false WHERE is_merged AND node_id IN (
    SELECT nodes.id FROM referral_nodes nodes
    WHERE nodes.user_id = ANY($1::uuid[]) AND NOT EXISTS (
      SELECT FROM referral_nodes others
      WHERE others.user_id = nodes.user_id AND others.application_id = nodes.application_id AND others.id <> nodes.id
    )
  )`;

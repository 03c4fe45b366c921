/** The nodes of the user `$1` in the application `$2`; the one of the whole account first. */
export const FIND_OWN = `
  SELECT id FROM referral_nodes
  WHERE user_id = $1 AND application_id = $2 ORDER BY (id = person_id) DESC, id`;

/**
 * The people below the nodes `$1` of one account in the application `$2`, up to `$3` levels, each once: at the lowest level, by
 * the earliest node there. Siblings are in `ix_referral_nodes_parent`.
 */
const BELOW = `
  WITH RECURSIVE below (id, person_id, level) AS (
    SELECT own.id, 0::bigint, 0 FROM unnest($1::bigint[]) AS own (id)
    UNION ALL
    SELECT nodes.id, nodes.person_id, below.level + 1
    FROM below JOIN referral_nodes nodes ON nodes.application_id = $2 AND nodes.parent_id = below.id
    WHERE below.level < $3 AND nodes.id <> ALL($1::bigint[])
  ), people AS (
    SELECT DISTINCT ON (person_id) id, level FROM below WHERE level > 0 ORDER BY person_id, level, id
  )`;

export const COUNT_BELOW = `${BELOW} SELECT level, count(*)::int AS count FROM people GROUP BY level`;

/** On the level `$3` alone, newest first, after the node `$4`. */
export const LIST_BELOW = `${BELOW}
  SELECT nodes.id AS "nodeId", nodes.user_id AS "userId", nodes.source, nodes.created_at AS "createdAt"
  FROM people JOIN referral_nodes nodes ON nodes.application_id = $2 AND nodes.id = people.id
  WHERE people.level = $3 AND ($4::bigint IS NULL OR people.id < $4)
  ORDER BY people.id DESC LIMIT $5`;

/**
 * The people above the user `$1` in the application `$2`, up to `$3` levels: those of the node that was bound first to another
 * person, so that a merge in either direction gives the same. No person, where an earlier node of the account had brought
 * another one by then: so of two people who are above each other by nodes of merged accounts only the one who was first is.
 */
export const FIND_ABOVE = `
  WITH RECURSIVE bound AS (
    SELECT nodes.id, nodes.person_id, nodes.parent_id FROM referral_nodes nodes
    JOIN referral_nodes parents ON parents.application_id = nodes.application_id AND parents.id = nodes.parent_id
    WHERE nodes.user_id = $1 AND nodes.application_id = $2 AND parents.person_id <> nodes.person_id
    ORDER BY nodes.id LIMIT 1
  ), above (id, level) AS (
    SELECT parent_id, 1 FROM bound
    UNION ALL
    SELECT nodes.parent_id, above.level + 1
    FROM above JOIN referral_nodes nodes ON nodes.application_id = $2 AND nodes.id = above.id
    WHERE above.level < $3 AND nodes.parent_id IS NOT NULL
  )
  SELECT min(above.level) AS level, nodes.user_id AS "userId"
  FROM bound CROSS JOIN above
  JOIN referral_nodes nodes ON nodes.application_id = $2 AND nodes.id = above.id
  WHERE nodes.person_id <> bound.person_id AND NOT EXISTS (
    SELECT FROM referral_nodes earlier
    JOIN referral_nodes brought ON brought.application_id = $2 AND brought.parent_id = earlier.id
    WHERE earlier.user_id = $1 AND earlier.application_id = $2 AND earlier.id < bound.id
      AND brought.id < bound.id AND brought.person_id <> bound.person_id
  )
  GROUP BY nodes.person_id, nodes.user_id
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

export const COUNT_CODES = `
  SELECT count(*)::int AS "referralCodes" FROM referral_codes codes JOIN referral_nodes nodes
  ON nodes.application_id = codes.application_id AND nodes.id = codes.node_id WHERE nodes.user_id = $1`;

export const DELETE_CODES = `
  DELETE FROM referral_codes codes USING referral_nodes nodes
  WHERE nodes.user_id = $1 AND nodes.application_id = codes.application_id AND nodes.id = codes.node_id`;

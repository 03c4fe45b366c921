import { BLIND_INDEX } from '@countersign/database';

/** A person's own fields, sealed, with the key to open them. Preferences are those in the application `$2`. */
const OWN = `
  u.id AS "userId", u.data_key AS "dataKey", u.has_profile AS "isNoted", p.content,
  p.field_settings AS settings, preferences.preferences, preferences.assurance AS "preferencesAssurance"`;
const OWN_TABLES = `
  LEFT JOIN profiles p ON p.user_id = u.id
  LEFT JOIN profile_preferences preferences ON preferences.user_id = u.id AND preferences.application_id = $2`;

export const FIND_OWN = `SELECT ${OWN} FROM users u ${OWN_TABLES} WHERE u.id = $1`;

/**
 * The profiles of many, with what the application `$2` needs to open those fields that people show it. Ids of
 * merged accounts answer for the survivor. Every plan starts from the ids, with any statistics of the planner,
 * see ADR 0024.
 */
export const FIND_SHOWN = `
  SELECT wanted.id AS "wantedId", found.*
  FROM unnest($1::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
    SELECT u.id AS "userId", u.data_key AS "dataKey", p.content, p.field_settings AS settings,
      shown.texts AS shown,
      EXISTS (SELECT FROM user_applications v WHERE v.user_id = u.id AND v.application_id = $2) AS "hasUsed"
    FROM users u
    LEFT JOIN profiles p ON p.user_id = u.id
    LEFT JOIN public_profiles shown ON shown.user_id = u.id
    WHERE u.id = COALESCE((SELECT a.user_id FROM user_aliases a WHERE a.id = wanted.id), wanted.id)
      AND u.status = 'active' AND u.erasure IS DISTINCT FROM 'closed'
    OFFSET 0
  ) AS found`;

/** The public copies of the active people of `$1` for whom anything is public. */
export const FIND_PUBLIC = `
  SELECT shown.user_id AS "userId", shown.texts
  FROM unnest($1::uuid[]) AS wanted (id)
  JOIN public_profiles shown ON shown.user_id = wanted.id
  JOIN users u ON u.id = wanted.id AND u.status = 'active' AND u.erasure IS DISTINCT FROM 'closed'`;

/**
 * Takes a name for the user `$1` that is in no row. Waits for others who take it at the same time, and locks
 * no row that is theirs. In the order of the keys, so that they do not deadlock. With the batch of the digests.
 */
export const TAKE_NEW_USERNAME = `
  INSERT INTO username_digests (${BLIND_INDEX.names}, user_id)
  SELECT new.*, $1::uuid FROM (${BLIND_INDEX.unnest(2)}) AS new ORDER BY key_id, digest
  ON CONFLICT (key_id, digest) DO NOTHING
  RETURNING 1`;

/** Takes one's own name, or one whose hold is over at `$2`. With the batch of the digests. */
export const TAKE_KNOWN_USERNAME = `
  UPDATE username_digests SET user_id = $1, held_until = NULL
  WHERE (${BLIND_INDEX.names}) IN (${BLIND_INDEX.unnest(3)}) AND (user_id = $1 OR held_until <= $2::timestamptz)
  RETURNING 1`;

/** Holds until `$2` all names of the user `$1` that are in use, except those in the batch of digests. */
export const HOLD_USERNAMES = `
  UPDATE username_digests SET held_until = $2::timestamptz
  WHERE user_id = $1 AND held_until IS NULL AND (${BLIND_INDEX.names}) NOT IN (${BLIND_INDEX.unnest(3)})`;

/** How many names the user `$1` gave up that are reserved at `$2`. By one key: each name has a digest for each. */
export const COUNT_RESERVED = `
  SELECT coalesce(max(names), 0)::int AS count FROM (
    SELECT count(*) AS names FROM username_digests WHERE user_id = $1 AND held_until > $2::timestamptz GROUP BY key_id
  ) AS of_keys`;

/** The holder of a name at `$1`, of reserved names too. With the batch of the digests. */
export const FIND_USERNAME = `
  SELECT found.* FROM (${BLIND_INDEX.unnest(2)}) AS wanted CROSS JOIN LATERAL (
    SELECT d.user_id AS "userId", d.held_until IS NOT NULL AS "isReserved" FROM username_digests d
    WHERE d.key_id = wanted.key_id AND d.digest = wanted.digest
      AND (d.held_until IS NULL OR d.held_until > $1::timestamptz)
    OFFSET 0
  ) AS found
  LIMIT 1`;

/** The loser's (`$1`) names become the survivor's (`$2`), reserved until `$3`. */
export const MERGE_USERNAMES = `
  UPDATE username_digests SET user_id = $2, held_until = COALESCE(held_until, $3::timestamptz) WHERE user_id = $1`;

/** A reserved name of the user `$1` is in use again. With the batch of the digests. */
export const USE_RESERVED = `
  UPDATE username_digests SET held_until = NULL WHERE user_id = $1 AND (${BLIND_INDEX.names}) IN (${BLIND_INDEX.unnest(2)})`;

/** Keeps the names of the user `$1` from others until `$2`, by the digest alone. */
export const ORPHAN_USERNAMES = `
  UPDATE username_digests SET user_id = NULL, held_until = COALESCE(held_until, $2::timestamptz) WHERE user_id = $1`;

/** The names in the batch of digests that the user `$1` has become those of `$2`, in use. */
export const GIVE_USERNAMES = `
  UPDATE username_digests SET user_id = $2, held_until = NULL
  WHERE user_id = $1 AND (${BLIND_INDEX.names}) IN (${BLIND_INDEX.unnest(3)})`;

export const FIND_CURRENT_USERNAME = `
  SELECT u.data_key AS "dataKey", p.content FROM profiles p JOIN users u ON u.id = p.user_id WHERE p.user_id = $1`;

/**
 * How many names are reserved at `$2` without a digest under the key `$1`. All digests of a name have one holder and one end;
 * the name itself is not stored.
 */
export const COUNT_RESERVED_BY_OTHERS = `
  SELECT coalesce(sum(most - current), 0)::int AS count FROM (
    SELECT max(count) AS most, coalesce(max(count) FILTER (WHERE key_id = $1), 0) AS current FROM (
      SELECT user_id, held_until, key_id, count(*) FROM username_digests
      WHERE held_until > $2::timestamptz GROUP BY user_id, held_until, key_id
    ) AS of_keys GROUP BY user_id, held_until
  ) AS reserved`;

export const DELETE_OVER_HOLDS = `
  DELETE FROM username_digests WHERE (${BLIND_INDEX.names}) IN (
    SELECT ${BLIND_INDEX.names} FROM username_digests WHERE held_until <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`;

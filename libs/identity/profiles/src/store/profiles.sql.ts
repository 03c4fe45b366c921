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
      AND u.status = 'active' AND NOT u.is_closed
    OFFSET 0
  ) AS found`;

/** The public copies of the active people of `$1` for whom anything is public. */
export const FIND_PUBLIC = `
  SELECT shown.user_id AS "userId", shown.texts
  FROM unnest($1::uuid[]) AS wanted (id)
  JOIN public_profiles shown ON shown.user_id = wanted.id
  JOIN users u ON u.id = wanted.id AND u.status = 'active' AND NOT u.is_closed`;

/** The columns of a session, named as in `Session`. */
export const COLUMNS = `
  id, application_id AS "applicationId", user_id AS "userId", identity_id AS "identityId", bot_row_id AS "botRowId",
  assurance, step_up_expires_at AS "stepUpExpiresAt", scopes,
  device_key_thumbprint AS "deviceKeyThumbprint", reentry_refused_at AS "reentryRefusedAt",
  device_name AS "deviceName", created_at AS "createdAt", idle_expires_at AS "idleExpiresAt", expires_at AS "expiresAt",
  access_digest AS "accessDigest", access_idle_expires_at AS "accessIdleExpiresAt",
  access_expires_at AS "accessExpiresAt", prior_access_digest AS "priorAccessDigest",
  prior_access_expires_at AS "priorAccessExpiresAt", family_digest AS "familyDigest",
  refresh_digest AS "refreshDigest", rotations, access_idle_in AS "accessIdleIn",
  access_absolute_in AS "accessAbsoluteIn", refresh_idle_in AS "refreshIdleIn", ended_at AS "endedAt",
  end_reason AS "endReason"`;

/** Those of them that an access token is judged by, named as in `AccessSession`. */
export const ACCESS_COLUMNS = `
  id, application_id AS "applicationId", user_id AS "userId", identity_id AS "identityId", assurance, scopes,
  device_key_thumbprint AS "deviceKeyThumbprint", idle_expires_at AS "idleExpiresAt", expires_at AS "expiresAt",
  access_digest AS "accessDigest", access_idle_expires_at AS "accessIdleExpiresAt",
  access_expires_at AS "accessExpiresAt", prior_access_digest AS "priorAccessDigest",
  prior_access_expires_at AS "priorAccessExpiresAt", access_idle_in AS "accessIdleIn", end_reason AS "endReason"`;

/** Not ended and not run out at `$2`. No index fits it: sessions are found by whose they are, see ADR 0024. */
export const LIVE = 'ended_at IS NULL AND LEAST(idle_expires_at, expires_at) > $2';

/**
 * The users' rows are locked by the caller, so that parallel sign-ins cannot overshoot the limit; no two of the sessions are
 * of one user. The oldest go, and of the weakest assurance first: whoever can forge weak proofs pushes out a strong session
 * only where all of them are strong. The bot of a proof is looked at once more under a lock: it may have been removed or
 * distrusted since the proof was verified, and whoever ends its sessions afterwards must find this one.
 * Unless it `waits`, a bot that somebody else has locked does not count.
 * Whoever has fewer than that, ended ones and all, is known by the index alone. Written so that every plan finds sessions by
 * their user or id, whatever the planner believes, see ADR 0024.
 */
export const insertAndEvict = (waits: boolean): string => `
  WITH wanted AS (
    SELECT * FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::text[], $10::text[],
      $11::text[], $12::timestamptz[], $13::timestamptz[], $14::bytea[], $15::timestamptz[], $16::timestamptz[],
      $17::bytea[], $18::bytea[], $19::int[], $20::int[], $21::int[])
      AS session (id, application_id, user_id, identity_id, bot_row_id, assurance, scopes, device_name,
        device_key_thumbprint, idle_expires_at, expires_at, access_digest, access_idle_expires_at, access_expires_at,
        family_digest, refresh_digest, access_idle_in, access_absolute_in, refresh_idle_in)
  ), surplus AS (
    SELECT oldest.id FROM wanted CROSS JOIN LATERAL (
      SELECT count(*) FROM (
        SELECT FROM sessions s WHERE s.user_id = wanted.user_id AND s.application_id = wanted.application_id LIMIT $1::int
      ) AS any_that_are_kept
    ) AS kept CROSS JOIN LATERAL (
      SELECT s.id FROM sessions s
      WHERE s.user_id = wanted.user_id AND s.application_id = wanted.application_id
        AND kept.count = $1 AND ${LIVE}
      ORDER BY array_position(ARRAY['platform', 'bot-token', 'vendor'], s.assurance), s.created_at DESC, s.id DESC
      OFFSET $1::int - 1
    ) AS oldest
  ), leaving AS (
    SELECT locked.id FROM (SELECT id FROM surplus ORDER BY id) AS surplus CROSS JOIN LATERAL (
      SELECT s.id FROM sessions s WHERE s.id = surplus.id AND s.ended_at IS NULL FOR NO KEY UPDATE
    ) AS locked
  ), evicted AS (
    UPDATE sessions SET ended_at = $2, end_reason = 'evicted'
    WHERE id = ANY(ARRAY(SELECT id FROM leaving)) AND ended_at IS NULL RETURNING id, user_id
  ), vouched AS (
    SELECT wanted.id FROM wanted JOIN bots ON bots.id = wanted.bot_row_id
    WHERE bots.status = 'active' OR (bots.status = 'compromised' AND wanted.assurance = 'platform')
    FOR KEY SHARE OF bots ${waits ? '' : 'SKIP LOCKED'}
  ), opened AS (
    INSERT INTO sessions (
      id, application_id, user_id, identity_id, bot_row_id, assurance, scopes, device_name, device_key_thumbprint,
      created_at, idle_expires_at, expires_at, access_digest, access_idle_expires_at, access_expires_at, family_digest,
      refresh_digest, rotations, access_idle_in, access_absolute_in, refresh_idle_in)
    SELECT id, application_id, user_id, identity_id, bot_row_id, assurance,
      ARRAY(SELECT jsonb_array_elements_text(scopes::jsonb)), device_name, device_key_thumbprint,
      $2::timestamptz, idle_expires_at, expires_at, access_digest, access_idle_expires_at, access_expires_at, family_digest,
      refresh_digest, '[]'::jsonb, access_idle_in, access_absolute_in, refresh_idle_in
    FROM wanted WHERE bot_row_id IS NULL OR id IN (SELECT id FROM vouched)
    RETURNING id, user_id
  )
  SELECT id, user_id AS "userId", false AS opened FROM evicted UNION ALL SELECT id, user_id, true FROM opened`;

/**
 * Other pairs for sessions that the caller has locked. A list that has a limit is taken for a short one, so that each of its
 * rows is looked up by its id: ADR 0024.
 */
export const ROTATE = `
  UPDATE sessions s SET
    idle_expires_at = next.idle_expires_at, access_digest = next.access_digest,
    access_idle_expires_at = next.access_idle_expires_at, access_expires_at = next.access_expires_at,
    prior_access_digest = next.prior_access_digest, prior_access_expires_at = next.prior_access_expires_at,
    family_digest = next.family_digest, refresh_digest = next.refresh_digest, rotations = next.rotations::jsonb,
    step_up_expires_at = CASE WHEN next.ends_step_up THEN NULL ELSE s.step_up_expires_at END,
    device_key_thumbprint = next.device_key_thumbprint
  FROM (
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::bytea[], $4::timestamptz[], $5::timestamptz[], $6::bytea[],
      $7::timestamptz[], $8::bytea[], $9::bytea[], $10::text[], $11::boolean[], $12::text[])
      AS pair (id, idle_expires_at, access_digest, access_idle_expires_at, access_expires_at, prior_access_digest,
        prior_access_expires_at, family_digest, refresh_digest, rotations, ends_step_up, device_key_thumbprint)
    LIMIT cardinality($1)
  ) AS next
  WHERE s.id = next.id AND s.ended_at IS NULL`;

/**
 * Moves idle deadlines forward and never back. A session that ended, that had idled out before the recorded use,
 * or whose access token is another one by now, stays as it is. Rows are locked in id order, so that batches of several
 * replicas cannot deadlock.
 */
export const SLIDE = `
  WITH due AS (
    SELECT s.id, slide.deadline
    FROM (
      SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::timestamptz[], $4::timestamptz[])
        AS use (id, digest, used_at, deadline)
      LIMIT cardinality($1)
    ) AS slide
    JOIN sessions s ON s.id = slide.id
    WHERE s.ended_at IS NULL AND s.access_digest = slide.digest
      AND s.access_idle_expires_at > slide.used_at AND s.idle_expires_at > slide.used_at
    ORDER BY s.id
    FOR NO KEY UPDATE OF s
  )
  UPDATE sessions s
  SET access_idle_expires_at = GREATEST(s.access_idle_expires_at, LEAST(due.deadline, s.access_expires_at))
  FROM due WHERE s.id = due.id AND s.ended_at IS NULL`;

/** The end of a statement that reads rows to change them. */
export function lockingRows(waits: boolean): string {
  return waits ? 'FOR NO KEY UPDATE' : 'FOR NO KEY UPDATE SKIP LOCKED';
}
